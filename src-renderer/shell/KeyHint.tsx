import { Kbd } from '@mantine/core';
import { chordParts } from './keys';
import styles from './Shell.module.css';

/** A key chord as keys: Ctrl K. */
export function KeyHint({ keys }: { readonly keys: string }) {
  return (
    <span className={styles.keyHint}>
      {chordParts(keys).map((part) => (
        <Kbd size="xs" key={part}>
          {part}
        </Kbd>
      ))}
    </span>
  );
}
