import { Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import styles from './Assistant.module.css';

/** What the check found in a query that may not be meant so. It does not keep anybody from running it. */
export function SqlWarnings({ warnings }: { readonly warnings: readonly string[] }) {
  if (warnings.length === 0) return null;
  return (
    <ul className={styles.warnings} aria-label="Worth a look">
      {warnings.map((warning) => (
        <li key={warning}>
          <IconAlertTriangle size={14} stroke={1.8} aria-hidden />
          <Text size="xs" span>
            {warning.replaceAll('`', '')}
          </Text>
        </li>
      ))}
    </ul>
  );
}
