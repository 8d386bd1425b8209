/** The nearest of a list of words, for hints: `did you mean "europe-west1"?`. */

/**
 * Edit distance with insertion, deletion, substitution and the swap of two neighbours, each counted once.
 */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, (before[j - 2] ?? 0) + 1);
      }
      next.push(best);
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? 0;
}

/**
 * The word of `words` nearest to `word`, or nothing where none is near enough to be what was meant: at most
 * a third of the letters differ, case aside. The first of equals wins, so the result is stable.
 */
export function nearest(word: string, words: Iterable<string>): string | undefined {
  const sought = word.toLowerCase();
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of words) {
    const allowed = Math.max(1, Math.floor(Math.max(candidate.length, sought.length) / 3));
    if (Math.abs(candidate.length - sought.length) > allowed) continue;
    const distance = editDistance(sought, candidate.toLowerCase());
    if (distance <= allowed && distance < least) {
      best = candidate;
      least = distance;
    }
  }
  return best;
}
