import { Button, Popover, Select, Stack, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconPin } from '@tabler/icons-react';
import { useState, type FormEvent } from 'react';
import { client, errorData } from '../../client';
import { freePlace } from '../../../src-preload/contract/dashboardFold';
import type { ResultView } from '../../../src-preload/contract/charts';
import type { DashboardState, Tile } from '../../../src-preload/contract/dashboards';
import { openDashboard, readDashboards, useDashboards } from './store';

/** What is pinned: a statement that only reads, and how its rows are looked at. */
export interface Pinned {
  readonly connectionId: string;
  readonly sql: string;
  readonly title: string;
  /** The rows that are there, by which a view is suggested where `view` is null. */
  readonly resultId: string;
  readonly view: ResultView | null;
}

interface PinToDashboardProps {
  readonly pinned: Pinned;
  readonly variant?: 'default' | 'subtle';
}

const NEW = 'new';
/** The dashboard that was chosen last, offered first. */
let lastChosen: string | null = null;

const sizes: Readonly<Record<ResultView['kind'], { w: number; h: number }>> = { number: { w: 3, h: 2 }, chart: { w: 6, h: 4 }, table: { w: 6, h: 4 } };

async function tileOf({ connectionId, sql, resultId, view }: Pinned, title: string, others: readonly Tile[]): Promise<Tile> {
  const shown = view ?? (await client.charts.suggest({ resultId, proposed: null })).view;
  const { w, h } = sizes[shown.kind];
  return { id: `t-${crypto.randomUUID().slice(0, 8)}`, title, connectionId, sql: sql.trim(), view: shown, place: freePlace(others, w, h) };
}

/** Puts the tile on a dashboard, or on a new one of this name. */
async function pin(pinned: Pinned, title: string, target: { readonly id: string } | { readonly name: string }): Promise<DashboardState> {
  if ('name' in target) return client.dashboards.create({ name: target.name, tiles: [await tileOf(pinned, title, [])] });
  const { dashboard } = await client.dashboards.read({ id: target.id });
  return client.dashboards.edit({ id: target.id, edits: [{ kind: 'add', tile: await tileOf(pinned, title, dashboard.tiles) }] });
}

function tellPinned({ id, dashboard }: DashboardState): void {
  const notification = `pinned-${id}`;
  notifications.show({
    id: notification,
    autoClose: 6_000,
    message: (
      <span style={{ display: 'flex', alignItems: 'center', gap: 8 }}>
        <Text size="sm" flex={1}>
          Pinned to {dashboard.name}
        </Text>
        <Button
          size="compact-xs"
          variant="default"
          onClick={() => {
            notifications.hide(notification);
            openDashboard(id, dashboard.name);
          }}
        >
          Open the dashboard
        </Button>
      </span>
    ),
  });
}

function PinForm({ pinned, onDone }: { readonly pinned: Pinned; readonly onDone: () => void }) {
  const dashboards = useDashboards((state) => state.dashboards) ?? [];
  const [title, setTitle] = useState(pinned.title.slice(0, 120));
  const [target, setTarget] = useState(dashboards.find(({ id }) => id === lastChosen)?.id ?? dashboards[0]?.id ?? NEW);
  const [name, setName] = useState('');
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const ready = title.trim() !== '' && (target !== NEW || name.trim() !== '') && !busy;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!ready) return;
    setBusy(true);
    pin(pinned, title.trim(), target === NEW ? { name: name.trim() } : { id: target })
      .then((state) => {
        lastChosen = state.id;
        onDone();
        tellPinned(state);
      })
      .catch((error: unknown) => setProblem([errorData(error).message, errorData(error).hint].filter(Boolean).join(' ')))
      .finally(() => setBusy(false));
  };
  return (
    <form onSubmit={submit} aria-label="Pin to dashboard">
      <Stack gap={8}>
        <TextInput data-autofocus label="Title of the tile" value={title} maxLength={120} onChange={(event) => setTitle(event.currentTarget.value)} />
        <Select
          label="Dashboard"
          allowDeselect={false}
          comboboxProps={{ withinPortal: false }}
          data={[...dashboards.map(({ id, name: label }) => ({ value: id, label })), { value: NEW, label: 'New dashboard…' }]}
          value={target}
          onChange={(value) => setTarget(value ?? NEW)}
        />
        {target === NEW ? <TextInput label="Name of the new dashboard" value={name} maxLength={120} onChange={(event) => setName(event.currentTarget.value)} /> : null}
        {problem === '' ? null : (
          <Text size="sm" c="var(--mantine-color-error)" role="alert" style={{ overflowWrap: 'anywhere' }}>
            {problem}
          </Text>
        )}
        <Button type="submit" disabled={!ready} loading={busy}>
          Pin
        </Button>
      </Stack>
    </form>
  );
}

/** Keeps a query with its view as a tile of a dashboard that the person chooses or makes. */
export function PinToDashboard({ pinned, variant = 'subtle' }: PinToDashboardProps) {
  const [opened, setOpened] = useState(false);
  const open = (): void => {
    void readDashboards().then(() => setOpened(true));
  };
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" width={280} trapFocus returnFocus withinPortal>
      <Popover.Target>
        <Button size="compact-xs" variant={variant} color="gray" leftSection={<IconPin size={13} />} onClick={() => (opened ? setOpened(false) : open())}>
          Pin to dashboard
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <PinForm pinned={pinned} onDone={() => setOpened(false)} />
      </Popover.Dropdown>
    </Popover>
  );
}
