import { Stack, Text } from '@mantine/core';
import type { ComponentType, ReactNode } from 'react';

interface EmptyPanelProps {
  readonly icon: ComponentType<{ size?: number | string; stroke?: number | string }>;
  readonly title: string;
  /** The next step, in a sentence. */
  readonly children?: ReactNode;
  /** Buttons. */
  readonly actions?: ReactNode;
}

/** Says why nothing is here and what to do about it. */
export function EmptyPanel({ icon: Icon, title, children, actions }: EmptyPanelProps) {
  return (
    <Stack align="center" justify="center" gap={6} p="lg" ta="center" maw={420} mx="auto">
      <Text c="dimmed" component="span" lh={1} aria-hidden>
        <Icon size={28} stroke={1.5} />
      </Text>
      <Text size="sm" fw={600}>
        {title}
      </Text>
      {children ? (
        <Text size="sm" c="dimmed" component="div">
          {children}
        </Text>
      ) : null}
      {actions ? (
        <Stack gap={6} mt={6} align="center">
          {actions}
        </Stack>
      ) : null}
    </Stack>
  );
}
