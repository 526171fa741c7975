import { chordParts } from '../../shell/keys';

export interface KeyedCommand {
  readonly id: string;
  readonly title: string;
  readonly keys: readonly string[];
  /** The person chose these keys. */
  readonly modified: boolean;
}

/**
 * Sentences by a command's id: which of its keys mean another command too. Commands that share keys by themselves belong to different tabs, and
 * are no conflict; one that the person made is told at both.
 */
export function conflictsOf(commands: readonly KeyedCommand[]): Map<string, string[]> {
  const byChord = new Map<string, KeyedCommand[]>();
  for (const command of commands) {
    for (const chord of new Set(command.keys.map((key) => chordParts(key).join('+')))) byChord.set(chord, [...(byChord.get(chord) ?? []), command]);
  }
  const found = new Map<string, string[]>();
  for (const [chord, sharing] of byChord) {
    for (const command of sharing) {
      const others = sharing.filter((other) => other !== command && (other.modified || command.modified));
      if (others.length > 0) found.set(command.id, [...(found.get(command.id) ?? []), `${chord} is also: ${others.map(({ title }) => title).join(', ')}.`]);
    }
  }
  return found;
}
