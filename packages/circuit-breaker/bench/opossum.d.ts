/** opossum brings no types: this is the part that is measured. */
declare module 'opossum' {
  export default class Opossum<T> {
    readonly closed: boolean
    constructor(action: (...args: never[]) => Promise<T>, options?: Readonly<Record<string, unknown>>)
    fire(...args: unknown[]): Promise<T>
    on(event: 'success', listener: () => void): this
    shutdown(): void
  }
}
