import { CloseButton, Text } from '@mantine/core';
import type { KeyboardEvent, ReactNode } from 'react';
import viewer from '../../CellViewer.module.css';

interface PanelFrameProps {
  readonly label: string;
  readonly title: string;
  readonly detail?: string;
  readonly actions?: ReactNode;
  readonly foot?: ReactNode;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A panel beside the rows: its head, what it shows, and its foot. Esc closes it. */
export function PanelFrame({ label, title, detail, actions, foot, onClose, children }: PanelFrameProps) {
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    event.stopPropagation();
    onClose();
  };
  return (
    <aside className={viewer.panel} aria-label={label} onKeyDown={onKeyDown}>
      <header className={viewer.head}>
        <span className={viewer.title}>
          <b>{title}</b>
          {detail ? (
            <Text component="span" size="xs" c="dimmed">
              {detail}
            </Text>
          ) : null}
        </span>
        {actions}
        <CloseButton size="sm" aria-label={`Close: ${label}`} onClick={onClose} />
      </header>
      {children}
      {foot ? <footer className={viewer.foot}>{foot}</footer> : null}
    </aside>
  );
}
