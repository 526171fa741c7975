import { Badge, Button, Menu, Text } from '@mantine/core';
import { modals } from '@mantine/modals';
import { IconChevronDown, IconPencilOff, IconPlus } from '@tabler/icons-react';
import { connectionHex, environmentColor, environmentLabel } from '../../shell/connectionLook';
import { editConnection, selectConnection, useConnections, type Connection } from '../connections/store';
import { useDocuments } from '../documents/store';
import { leaveConnection, querySession } from './sessions';
import classes from './QueryTab.module.css';

interface ConnectionPickerProps {
  readonly documentId: string;
  readonly connection: Connection | null;
  readonly disabled: boolean;
}

const Dot = ({ connection }: { readonly connection: Connection }) => <span className={classes.dot} style={{ background: connectionHex(connection) }} aria-hidden />;

const place = (connection: Connection): string => (connection.target.engine === 'pglite' ? 'embedded' : `${connection.target.host}/${connection.target.database}`);

function choose(documentId: string, connectionId: string): void {
  const change = (): void => {
    leaveConnection(documentId);
    useDocuments.getState().updateDocument(documentId, { connectionId });
    selectConnection(connectionId);
  };
  if (querySession(documentId).transaction === 'idle') {
    change();
    return;
  }
  modals.openConfirmModal({
    title: 'Leave the open transaction?',
    children: <Text size="sm">This tab has an open transaction on its connection. Another connection ends that session: its changes are rolled back.</Text>,
    labels: { confirm: 'Roll back and switch', cancel: 'Stay' },
    confirmProps: { color: 'red' },
    onConfirm: change,
  });
}

/** Which server the tab works on, by its colour, name and environment; a click chooses another. */
export function ConnectionPicker({ documentId, connection, disabled }: ConnectionPickerProps) {
  const connections = useConnections((state) => state.connections);
  return (
    <Menu position="bottom-start" width={320} disabled={disabled}>
      <Menu.Target>
        <Button
          variant="default"
          aria-disabled={disabled}
          className={classes.picker}
          leftSection={connection ? <Dot connection={connection} /> : null}
          rightSection={<IconChevronDown size={13} />}
          aria-label={connection ? `Connection: ${connection.name}, ${connection.environment}` : 'Choose a connection'}
        >
          <span className={classes.pickerName}>{connection ? connection.name : 'Choose a connection'}</span>
          {connection ? (
            <Badge color={environmentColor[connection.environment]} variant={connection.environment === 'production' ? 'filled' : 'light'} ml={8}>
              {environmentLabel[connection.environment]}
            </Badge>
          ) : null}
          {connection?.readOnly ? <IconPencilOff size={13} style={{ marginLeft: 6 }} aria-label="read-only" /> : null}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {connections.map((option) => (
          <Menu.Item
            key={option.id}
            leftSection={<Dot connection={option} />}
            rightSection={
              <Badge color={environmentColor[option.environment]} variant={option.environment === 'production' ? 'filled' : 'light'}>
                {environmentLabel[option.environment]}
              </Badge>
            }
            aria-current={option.id === connection?.id}
            onClick={() => option.id !== connection?.id && choose(documentId, option.id)}
          >
            <Text size="sm" fw={option.id === connection?.id ? 600 : 400} truncate>
              {option.name}
            </Text>
            <Text size="xs" c="dimmed" truncate>
              {place(option)}
            </Text>
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconPlus size={14} />} onClick={() => editConnection('')}>
          New connection…
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
