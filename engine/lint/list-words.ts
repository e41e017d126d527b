const MOST = 5;

/** "a, b and 3 more". */
export function listWords(words: readonly string[]): string {
  const more = words.length - MOST;
  return more > 0 ? `${words.slice(0, MOST).join(", ")} and ${more} more` : words.join(", ");
}
