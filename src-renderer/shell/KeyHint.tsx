import { Kbd } from '@mantine/core';
import { useKeysOf } from './commands';
import { chordParts } from './keys';
import styles from './Shell.module.css';

/** A key chord as keys: Ctrl K. With `command`, the one that the person gave to it instead; nothing when it has none. */
export function KeyHint({ keys, command = '' }: { readonly keys: string; readonly command?: string }) {
  const [chord] = useKeysOf(command, [keys]);
  if (chord === undefined) return null;
  return (
    <span className={styles.keyHint}>
      {chordParts(chord).map((part) => (
        <Kbd size="xs" key={part}>
          {part}
        </Kbd>
      ))}
    </span>
  );
}
