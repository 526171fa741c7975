import { notifications } from '@mantine/notifications';
import { Text } from '@mantine/core';
import { errorData } from '../client';

/** Tells of a failure in the corner of the window: what failed, the server's words, what to try. Cancelling is no failure. */
export function showError(title: string, thrown: unknown): void {
  const error = errorData(thrown);
  if (error.code === 'cancelled') return;
  notifications.show({
    color: 'red',
    title,
    autoClose: 12_000,
    message: (
      <>
        <Text size="sm">{error.message}</Text>
        {error.hint ? (
          <Text size="sm" c="dimmed" mt={4}>
            {error.hint}
          </Text>
        ) : null}
      </>
    ),
  });
}

/** A short word that something worked. */
export function showDone(message: string): void {
  notifications.show({ message, autoClose: 3_000 });
}
