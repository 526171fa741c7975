import { createSpotlight, Spotlight, useSpotlight } from '@mantine/spotlight';
import { IconSearch } from '@tabler/icons-react';
import { useConnections } from '../features/connections/store';
import { commandGroups, runCommand, useCommands, type Command } from './commands';
import { KeyHint } from './KeyHint';
import { Later } from './Later';

const [store, controls] = createSpotlight();

/** Opens and closes the palette. */
export const palette = controls;

/** Commands by group, without those that cannot run now. */
export function paletteGroups(commands: readonly Command[]): { group: string; commands: Command[] }[] {
  return commandGroups
    .map((group) => ({ group, commands: commands.filter((command) => command.group === group && command.id !== 'palette.open' && !command.unlisted && (command.enabled?.() ?? true)) }))
    .filter(({ commands: listed }) => listed.length > 0);
}

function Palette() {
  const commands = useCommands();
  // What is enabled depends on the connections too.
  useConnections((state) => state.connections);
  const actions = paletteGroups(commands).map(({ group, commands: listed }) => ({
    group,
    actions: listed.map(({ id, title, icon: Icon, keys, keywords }) => ({
      id,
      label: title,
      keywords,
      leftSection: Icon ? <Icon size={16} stroke={1.6} /> : undefined,
      rightSection: keys?.[0] ? <KeyHint keys={keys[0]} /> : undefined,
      onClick: () => void runCommand(id),
    })),
  }));
  return (
    <Spotlight
      store={store}
      actions={actions}
      shortcut={null}
      highlightQuery
      scrollable
      maxHeight={460}
      size={620}
      title="Command palette"
      styles={{ header: { display: 'none' } }}
      overlayProps={{ blur: 0, backgroundOpacity: 0.35 }}
      scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}
      nothingFound="No command has these letters"
      searchProps={{ leftSection: <IconSearch size={16} />, placeholder: 'What do you want to do?', 'aria-label': 'Search commands' }}
    />
  );
}

/** Everything the program can do, found by typing a few letters. */
export function CommandPalette() {
  const { opened } = useSpotlight(store);
  return (
    <Later when={opened}>
      <Palette />
    </Later>
  );
}
