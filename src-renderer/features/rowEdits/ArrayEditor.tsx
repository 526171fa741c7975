import { ActionIcon, Button, TextInput } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconPlus, IconX } from '@tabler/icons-react';
import { arrayElements } from '../../components/cell/formatValue';
import { arrayText, type Element } from './arrayText';
import styles from './RowEdits.module.css';

/** More elements are edited as text. */
const MOST_ELEMENTS = 200;

/** The elements of an array that can be edited one by one; null where it has too many, or is no array. */
export function editableElements(text: string): readonly Element[] | null {
  const elements = text.trim() === '' ? [] : arrayElements(text);
  return elements !== null && elements.length <= MOST_ELEMENTS ? elements : null;
}

interface ArrayEditorProps {
  readonly elements: readonly Element[];
  readonly onChange: (text: string) => void;
}

/** An array element by element; nested arrays are edited as their text. NULL and empty are different. */
export function ArrayEditor({ elements, onChange }: ArrayEditorProps) {
  const nested = elements.length > 0 && elements.every((element) => element?.startsWith('{') === true);
  const report = (next: readonly Element[]): void => onChange(arrayText(next, nested));
  const move = (from: number, to: number): void => {
    const moved = elements[from];
    if (moved !== undefined && to >= 0 && to < elements.length) report(elements.toSpliced(from, 1).toSpliced(to, 0, moved));
  };
  return (
    <div role="group" aria-label="Elements" style={{ display: 'flex', flexDirection: 'column', gap: 4 }}>
      {elements.map((element, index) => (
        <div className={styles.element} key={index}>
          <span>{index + 1}</span>
          <TextInput
            flex={1}
            aria-label={`Element ${index + 1}`}
            value={element ?? ''}
            placeholder={element === null ? 'NULL' : 'empty'}
            spellCheck={false}
            onChange={(event) => report(elements.with(index, event.currentTarget.value))}
            styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
          />
          <Button size="compact-xs" variant={element === null ? 'filled' : 'default'} aria-pressed={element === null} aria-label={`Element ${index + 1} is NULL`} onClick={() => report(elements.with(index, element === null ? '' : null))}>
            NULL
          </Button>
          <ActionIcon aria-label={`Move element ${index + 1} up`} disabled={index === 0} onClick={() => move(index, index - 1)}>
            <IconArrowUp size={13} />
          </ActionIcon>
          <ActionIcon aria-label={`Move element ${index + 1} down`} disabled={index === elements.length - 1} onClick={() => move(index, index + 1)}>
            <IconArrowDown size={13} />
          </ActionIcon>
          <ActionIcon aria-label={`Remove element ${index + 1}`} onClick={() => report(elements.toSpliced(index, 1))}>
            <IconX size={13} />
          </ActionIcon>
        </div>
      ))}
      <Button size="compact-xs" variant="default" leftSection={<IconPlus size={13} />} style={{ alignSelf: 'flex-start' }} onClick={() => report([...elements, nested ? '{}' : ''])}>
        Element
      </Button>
    </div>
  );
}
