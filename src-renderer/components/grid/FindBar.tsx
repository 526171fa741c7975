import { ActionIcon, Button, CloseButton, Loader, TextInput, Tooltip } from '@mantine/core';
import { IconChevronDown, IconChevronUp, IconLetterCase, IconPlayerStop, IconRegex } from '@tabler/icons-react';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { formatCount } from '../../shell/format';
import type { SearchSpec } from '../../../src-preload/contract/resultAnalysis';
import type { Find } from './useFind';
import classes from './ResultGrid.module.css';

interface FindBarProps {
  readonly find: Find;
  readonly onStart: (search: SearchSpec) => void;
  readonly onStep: (direction: 1 | -1) => void;
  readonly onCancel: () => void;
  readonly onClose: () => void;
}

function countText({ result, current, progress, error, search }: Find): string {
  if (error) return error.message;
  if (progress) return progress.total === 0 ? 'waiting for the last rows…' : `${formatCount(progress.rows)} of ${formatCount(progress.total)} rows`;
  if (!result) return search.text === '' ? '' : 'Enter searches all rows';
  if (result.matches === 0) return 'no match';
  const place = current ? `${formatCount(current.ordinal + 1)} of ` : '';
  return `${place}${formatCount(result.matches)} ${result.matches === 1 ? 'match' : 'matches'}${result.capped ? ', the first ones are kept' : ''}`;
}

function OpenBar({ find, onStart, onStep, onCancel, onClose }: FindBarProps) {
  const [search, setSearch] = useState<SearchSpec>(find.search);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.select(), []);
  const isNew = find.result === null || JSON.stringify(search) !== JSON.stringify(find.search);
  const change = (part: Partial<SearchSpec>): void => {
    const next = { ...search, ...part };
    setSearch(next);
    if (find.result && part.text === undefined) onStart(next);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    event.stopPropagation();
    if (event.key === 'Escape') onClose();
    else if (event.key === 'Enter' || event.key === 'F3') {
      event.preventDefault();
      if (isNew) onStart(search);
      else onStep(event.shiftKey ? -1 : 1);
    }
  };
  return (
    <search className={classes.find} onKeyDown={onKeyDown}>
      <TextInput ref={field} autoFocus aria-label="Find in the result" placeholder="Find in all rows" value={search.text} error={find.error !== null} onChange={(event) => change({ text: event.currentTarget.value })} w={240} />
      <Tooltip label="Tell small from capital letters">
        <ActionIcon aria-label="Tell small from capital letters" aria-pressed={search.caseSensitive} variant={search.caseSensitive ? 'light' : 'subtle'} onClick={() => change({ caseSensitive: !search.caseSensitive })}>
          <IconLetterCase size={15} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label="Regular expression">
        <ActionIcon aria-label="Regular expression" aria-pressed={search.regex} variant={search.regex ? 'light' : 'subtle'} onClick={() => change({ regex: !search.regex })}>
          <IconRegex size={15} />
        </ActionIcon>
      </Tooltip>
      <ActionIcon aria-label="Previous match" disabled={!find.result?.matches} onClick={() => onStep(-1)}>
        <IconChevronUp size={15} />
      </ActionIcon>
      <ActionIcon aria-label="Next match" disabled={!find.result?.matches} onClick={() => onStep(1)}>
        <IconChevronDown size={15} />
      </ActionIcon>
      <span role="status" className={classes.findCount} data-error={find.error !== null || undefined}>
        {countText({ ...find, search })}
      </span>
      {find.progress ? (
        <Button size="compact-xs" variant="default" leftSection={<Loader size={10} />} rightSection={<IconPlayerStop size={12} />} onClick={onCancel}>
          Stop
        </Button>
      ) : null}
      <span className={classes.spring} />
      <CloseButton size="sm" aria-label="Close the search" onClick={onClose} />
    </search>
  );
}

/** Finds a text in all rows of the result, not only in those that are loaded; other rows stay, unlike with a filter. */
export function FindBar(props: FindBarProps) {
  return props.find.open ? <OpenBar {...props} /> : null;
}
