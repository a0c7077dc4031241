/** The part of async-retry, which comes without types, that it is compared by. */
declare module 'async-retry' {
  const retry: <T>(
    fn: (bail: (error: Error) => void, attempt: number) => T | Promise<T>,
    options?: { retries?: number; minTimeout?: number },
  ) => Promise<T>
  // oxlint-disable-next-line import/no-default-export -- theirs
  export default retry
}
