import { ActionIcon, Button, CloseButton, Text, Tooltip } from '@mantine/core';
import { IconPlus, IconRestore } from '@tabler/icons-react';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { chordProblem } from '../../../src-preload/contract/settingSpecs';
import { commandGroups, useKnownCommands, type Command } from '../../shell/commands';
import { KeyHint } from '../../shell/KeyHint';
import { chordOf } from '../../shell/keys';
import { commandsFor } from '../queries/useQueryCommands';
import { conflictsOf } from './conflicts';
import { changeSettings, resetSetting, useSettings } from './store';
import styles from './Settings.module.css';

/** Waits for keys; Escape gives up, and so does leaving it. */
function Recorder({ title, onChord, onEnd }: { readonly title: string; readonly onChord: (chord: string) => void; readonly onEnd: () => void }) {
  const button = useRef<HTMLButtonElement>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => button.current?.focus(), []);
  const onKeyDown = (event: KeyboardEvent): void => {
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'Escape' && !event.ctrlKey && !event.altKey && !event.metaKey && !event.shiftKey) return onEnd();
    const chord = chordOf(event);
    if (chord === null) return;
    const wrong = chordProblem(chord);
    if (wrong === null) onChord(chord);
    else setProblem(wrong);
  };
  return (
    <button ref={button} type="button" className={styles.recorder} data-records-keys aria-label={`Press the keys for ${title}; Escape gives up`} onKeyDown={onKeyDown} onBlur={onEnd}>
      {problem === null ? 'Press the keys…' : problem}
    </button>
  );
}

interface KeyRowProps {
  readonly command: Command;
  readonly keys: readonly string[];
  readonly modified: boolean;
  readonly conflicts: readonly string[];
}

function KeyRow({ command, keys, modified, conflicts }: KeyRowProps) {
  const [recording, setRecording] = useState(false);
  const set = (value: string[]): void => void changeSettings([{ section: 'keys', key: command.id, value }]);
  return (
    <div className={styles.keyRow} data-modified={modified} data-command={command.id}>
      <div style={{ minWidth: 0 }}>
        <span className={styles.label}>{command.title}</span>
        {modified ? <span className={styles.modified}>modified</span> : null}
      </div>
      <div className={styles.control} style={{ flexWrap: 'wrap' }}>
        {recording ? (
          <Recorder
            title={command.title}
            onEnd={() => setRecording(false)}
            onChord={(chord) => {
              setRecording(false);
              if (!keys.includes(chord)) set([...keys, chord]);
            }}
          />
        ) : (
          keys.map((chord) => (
            <span key={chord} className={styles.chord}>
              <KeyHint keys={chord} />
              <CloseButton size={18} iconSize={12} aria-label={`Take ${chord} from ${command.title}`} onClick={() => set(keys.filter((other) => other !== chord))} />
            </span>
          ))
        )}
      </div>
      <div style={{ display: 'flex', width: 56 }}>
        <Tooltip label="Add keys">
          <ActionIcon aria-label={`Add keys to ${command.title}`} disabled={keys.length >= 4} onClick={() => setRecording(true)}>
            <IconPlus size={15} />
          </ActionIcon>
        </Tooltip>
        {modified ? (
          <Tooltip label="Back to its own keys">
            <ActionIcon aria-label={`Reset the keys of ${command.title}`} onClick={() => void resetSetting('keys', command.id)}>
              <IconRestore size={15} />
            </ActionIcon>
          </Tooltip>
        ) : null}
      </div>
      {conflicts.length > 0 ? <div className={styles.conflict}>{conflicts.join(' ')}</div> : null}
    </div>
  );
}

const inert = (): never => {
  throw new Error('This list is only read.');
};

/** All commands, also those that only a tab of their kind has while it is in front. */
function useAllKnown(): Command[] {
  const known = useKnownCommands();
  const ids = new Set(known.map(({ id }) => id));
  return [...known, ...commandsFor(inert).filter(({ id }) => !ids.has(id))].sort((a, b) => commandGroups.indexOf(a.group) - commandGroups.indexOf(b.group));
}

/** The keys of every command, changed by pressing them. */
export function KeysSection({ search }: { readonly search: string }) {
  const chosen = useSettings((state) => state.settings.keys);
  const commands = useAllKnown();
  const rows = commands.map((command) => ({ command, keys: chosen[command.id] ?? command.keys ?? [], modified: Object.hasOwn(chosen, command.id) }));
  const conflicts = conflictsOf(rows.map(({ command, keys, modified }) => ({ id: command.id, title: command.title, keys, modified })));
  const wanted = search.trim().toLowerCase();
  const listed = rows.filter(({ command, keys }) => `${command.title} ${command.group} ${command.id} ${command.keywords ?? ''} ${keys.join(' ')}`.toLowerCase().includes(wanted));
  const modified = Object.keys(chosen).length;
  if (wanted !== '' && listed.length === 0) return null;
  return (
    <section className={styles.section} aria-label="Keys">
      <div className={styles.sectionHead}>
        <Text component="h2" size="md" fw={600} flex={1}>
          Keys
        </Text>
        <Button variant="subtle" size="compact-xs" disabled={modified === 0} onClick={() => void resetSetting('keys')}>
          Reset all keys
        </Button>
      </div>
      <Text size="xs" c="dimmed" py={8}>
        Keys that you choose here come before those of the editor and the grid. What only a table or a conversation can do is listed once such a tab has been open.
      </Text>
      {commandGroups.map((group) => {
        const own = listed.filter(({ command }) => command.group === group);
        if (own.length === 0) return null;
        return (
          <div key={group} role="group" aria-label={group}>
            <Text component="h3" size="xs" fw={600} c="dimmed" pt={12} pb={2}>
              {group}
            </Text>
            {own.map(({ command, keys, modified: changed }) => (
              <KeyRow key={command.id} command={command} keys={keys} modified={changed} conflicts={conflicts.get(command.id) ?? []} />
            ))}
          </div>
        );
      })}
    </section>
  );
}
