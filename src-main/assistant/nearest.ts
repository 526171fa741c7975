import { distance } from 'fastest-levenshtein';

/**
 * The real names that are closest to a wrong one, best first: equal but for case, containing it, sharing words, or few letters
 * away (Levenshtein). Names that are nothing alike are left out.
 */
export function nearestNames(wanted: string, names: Iterable<string>, limit = 5): string[] {
  const target = wanted.toLowerCase();
  if (target === '') return [];
  const words = new Set(wordsOf(target));
  const scored: { name: string; score: number }[] = [];
  for (const name of new Set(names)) {
    const score = likeness(target, words, name.toLowerCase());
    if (score > 0.4) scored.push({ name, score });
  }
  scored.sort((a, b) => b.score - a.score || (a.name < b.name ? -1 : 1));
  return scored.slice(0, limit).map((entry) => entry.name);
}

/** 1 is equal, 0 nothing in common. */
function likeness(target: string, words: ReadonlySet<string>, name: string): number {
  if (name === target) return 1;
  const letters = 1 - distance(target, name) / Math.max(target.length, name.length);
  const inside = target.length >= 3 && (name.includes(target) || (name.length >= 3 && target.includes(name))) ? 0.75 : 0;
  const own = wordsOf(name);
  const common = 0.9 * (lettersOf(own.filter((word) => words.has(word))) / Math.max(lettersOf(own), lettersOf([...words]), 1));
  return Math.max(letters, inside, common);
}

function lettersOf(words: readonly string[]): number {
  return words.reduce((sum, word) => sum + word.length, 0);
}

function wordsOf(name: string): string[] {
  return name.split(/[^\p{L}\p{N}]+/u).flatMap((word) => (word.length < 2 ? [] : [word.replace(/(?<=\w{3})s$/, '')]));
}
