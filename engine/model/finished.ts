/** What work comes to that yields now and then, done without a pause. */
export function finished<Result>(work: Iterator<undefined, Result>): Result {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}
