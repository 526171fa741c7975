import { Modal, Table, Text } from '@mantine/core';
import { commandGroups, useCommands } from './commands';
import { KeyHint } from './KeyHint';
import { showShortcuts, useLayout } from './layout';

/** Keys that belong to a part of the window rather than to a command. */
const local = [
  { where: 'Editor', rows: [
    ['Complete', 'Ctrl+Space'],
    ['Comment or uncomment', 'Mod+/'],
    ['Find', 'Mod+F'],
    ['Find and replace', 'Mod+H'],
    ['Next match', 'F3'],
    ['Add a cursor at the next match', 'Mod+D'],
    ['Select all matches', 'Mod+Shift+L'],
    ['Add a cursor above', 'Mod+Alt+arrowup'],
    ['Add a cursor below', 'Mod+Alt+arrowdown'],
    ['Add a cursor with the mouse', 'Alt+Click'],
    ['Select a column', 'Shift+Alt+Drag'],
    ['Move the line', 'Alt+arrowup'],
    ['Next place of a snippet', 'Tab'],
  ] },
  { where: 'Rows', rows: [['Whole value', 'Enter'], ['Copy', 'Mod+C'], ['Copy with names', 'Mod+Shift+C'], ['Go to a row', 'Mod+G'], ['Find in all rows', 'Mod+F'], ['Next match', 'F3'], ['The row as a list', 'Mod+I'], ['Move the column', 'Alt+Shift+arrowright'], ['Select everything', 'Mod+A'], ['Menu of the cell', 'Shift+F10']] },
  { where: 'Lists and trees', rows: [['Move', 'arrowup'], ['Open or close a branch', 'arrowright'], ['Open', 'Enter'], ['Menu of the row', 'Shift+F10']] },
  { where: 'Dialogs', rows: [['Close', 'Escape']] },
] as const;

/** All keys in one place. */
export function ShortcutsDialog() {
  const opened = useLayout((state) => state.shortcuts);
  const commands = useCommands();
  const keyed = commands.filter((command) => command.keys && command.keys.length > 0 && !command.unlisted);
  const sections = [
    ...commandGroups.map((group) => ({ title: group, rows: keyed.filter((command) => command.group === group).map((command) => ({ title: command.title, keys: command.keys ?? [] })) })),
    ...local.map(({ where, rows }) => ({ title: where, rows: rows.map(([title, keys]) => ({ title, keys: [keys] })) })),
  ].filter(({ rows }) => rows.length > 0);
  return (
    <Modal opened={opened} onClose={() => showShortcuts(false)} title="Keyboard shortcuts" size="xl">
      <Text size="xs" c="dimmed" pb="sm">
        What only a query, a table or a conversation can do is listed while such a tab is in front.
      </Text>
      <div style={{ columns: '2 300px', columnGap: 32 }}>
        {sections.map(({ title, rows }) => (
          <div key={title} style={{ breakInside: 'avoid', paddingBottom: 12 }}>
            <Text size="xs" fw={600} c="dimmed" pb={2}>
              {title}
            </Text>
            <Table verticalSpacing={3} horizontalSpacing={0} fz="sm" aria-label={title}>
              <Table.Tbody>
                {rows.map((row) => (
                  <Table.Tr key={row.title}>
                    <Table.Td>{row.title}</Table.Td>
                    <Table.Td ta="right">{row.keys[0] ? <KeyHint keys={row.keys[0]} /> : null}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </div>
        ))}
      </div>
    </Modal>
  );
}
