import { Menu } from '@mantine/core';
import { IconCode, IconEye, IconPencil, IconPlus, IconShieldLock, IconTablePlus, IconTrash, IconCopy, IconDatabaseImport, IconDownload, IconListDetails, IconRefresh, IconSparkles, IconTable, IconTerminal2 } from '@tabler/icons-react';
import type { ObjectRef } from '../../../src-preload/contract/catalog';
import { openExport } from '../../components/export/store';
import { client } from '../../client';
import { newQuery, openAssistant, openObject } from '../../shell/documentActions';
import { showDone, showError } from '../../shell/errors';
import { quoteIdentifier } from '../queries/completion/keywords';
import type { Connection } from '../connections/store';
import { askToDrop, beginTable, beginView } from '../structure/begin';
import { chooseImport } from '../imports/openImport';
import { kindFaces } from './kinds';
import { qualifiedName } from './names';
import { refreshCatalog } from './store';
import type { Row } from './treeModel';

function copy(text: string): void {
  client.application.copyText({ text }).then(
    () => showDone(`Copied ${text.length > 60 ? 'the text' : text}`),
    (error: unknown) => showError('Could not copy', error),
  );
}

function CopyItem({ text, label = 'Copy name' }: { readonly text: string; readonly label?: string }) {
  return (
    <Menu.Item leftSection={<IconCopy size={14} />} onClick={() => copy(text)}>
      {label}
    </Menu.Item>
  );
}

function ObjectItems({ connectionId, object }: { readonly connectionId: string; readonly object: ObjectRef }) {
  const face = kindFaces[object.kind];
  const name = qualifiedName(object);
  return (
    <>
      {face.data ? (
        <Menu.Item leftSection={<IconTable size={14} />} onClick={() => openObject(connectionId, object, 'data')}>
          Open data
        </Menu.Item>
      ) : null}
      {face.columns ? (
        <Menu.Item leftSection={<IconListDetails size={14} />} onClick={() => openObject(connectionId, object, 'structure')}>
          Open structure
        </Menu.Item>
      ) : null}
      <Menu.Item leftSection={<IconCode size={14} />} onClick={() => openObject(connectionId, object, 'ddl')}>
        Open DDL
      </Menu.Item>
      {object.kind === 'table' || object.kind === 'view' || object.kind === 'materialized_view' ? (
        <Menu.Item leftSection={<IconPencil size={14} />} onClick={() => openObject(connectionId, object, 'structure', undefined, 'structure')}>
          Edit structure
        </Menu.Item>
      ) : null}
      {object.kind === 'table' ? (
        <Menu.Item leftSection={<IconPlus size={14} />} onClick={() => openObject(connectionId, object, 'structure', undefined, 'index')}>
          New index
        </Menu.Item>
      ) : null}
      {object.kind === 'extension' ? null : (
        <Menu.Item leftSection={<IconShieldLock size={14} />} onClick={() => openObject(connectionId, object, 'grants')}>
          Grants
        </Menu.Item>
      )}
      <Menu.Divider />
      {face.data ? (
        <Menu.Item leftSection={<IconTerminal2 size={14} />} onClick={() => newQuery(`SELECT *\nFROM ${name}\nLIMIT 100;\n`, connectionId, object.name)}>
          SELECT in a new query
        </Menu.Item>
      ) : null}
      {face.data ? (
        <Menu.Item leftSection={<IconDownload size={14} />} onClick={() => openExport({ kind: 'tables', connectionId, schema: object.schema, tables: [object] })}>
          Export…
        </Menu.Item>
      ) : null}
      {object.kind === 'table' || object.kind === 'partition' ? (
        <Menu.Item leftSection={<IconDatabaseImport size={14} />} onClick={() => void chooseImport({ connectionId, schema: object.schema, table: object.name })}>
          Import a file…
        </Menu.Item>
      ) : null}
      <Menu.Item leftSection={<IconSparkles size={14} />} onClick={() => openAssistant({ connectionId, draft: `About the ${face.one} ${name}: ` })}>
        Ask about it
      </Menu.Item>
      <Menu.Divider />
      <CopyItem text={object.name} />
      <CopyItem text={name} label="Copy qualified name" />
      <Menu.Divider />
      <Menu.Item color="red" leftSection={<IconTrash size={14} />} onClick={() => askToDrop(connectionId, object)}>
        Drop…
      </Menu.Item>
    </>
  );
}

/** What can be done with a row of the tree. */
export function RowMenu({ connection, row }: { readonly connection: Connection; readonly row: Row }) {
  if (row.type === 'object') return <ObjectItems connectionId={connection.id} object={row.object} />;
  if (row.type === 'column') {
    return (
      <>
        <CopyItem text={quoteIdentifier(row.column.name)} />
        <CopyItem text={`${qualifiedName(row.of)}.${quoteIdentifier(row.column.name)}`} label="Copy qualified name" />
      </>
    );
  }
  return (
    <>
      <Menu.Item leftSection={<IconTerminal2 size={14} />} onClick={() => newQuery('', connection.id)}>
        New query
      </Menu.Item>
      {row.type === 'schema' && !row.schema.system ? (
        <>
          <Menu.Item leftSection={<IconTablePlus size={14} />} onClick={() => beginTable(connection.id, row.schema.name)}>
            New table
          </Menu.Item>
          <Menu.Item leftSection={<IconEye size={14} />} onClick={() => beginView(connection.id, row.schema.name)}>
            New view
          </Menu.Item>
        </>
      ) : null}
      <Menu.Item
        leftSection={<IconRefresh size={14} />}
        onClick={() => {
          refreshCatalog(connection.id).catch((error: unknown) => showError('The objects could not be read', error));
        }}
      >
        Read the objects anew
      </Menu.Item>
      {row.type === 'schema' ? (
        <Menu.Item leftSection={<IconDownload size={14} />} onClick={() => openExport({ kind: 'tables', connectionId: connection.id, schema: row.schema.name, tables: [] })}>
          Export tables…
        </Menu.Item>
      ) : null}
      {row.type === 'schema' ? (
        <Menu.Item leftSection={<IconDatabaseImport size={14} />} onClick={() => void chooseImport({ connectionId: connection.id, schema: row.schema.name })}>
          Import a file…
        </Menu.Item>
      ) : null}
      {row.type === 'schema' ? <CopyItem text={quoteIdentifier(row.schema.name)} /> : null}
    </>
  );
}
