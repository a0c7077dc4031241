/** Notes under which name each promise settled, in order. */
export function journal(): { entries: string[]; note: (name: string, promise: Promise<boolean>) => void } {
  const entries: string[] = []
  const note = (name: string, promise: Promise<boolean>): void => {
    promise.then(
      (granted) => entries.push(`${name} ${granted}`),
      (error: unknown) => entries.push(`${name} ${String(error)}`),
    )
  }
  return { entries, note }
}
