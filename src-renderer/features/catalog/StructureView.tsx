import { Anchor, Badge, Table, Text } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { ObjectDetail } from '../../../src-preload/contract/catalog';
import { openObject } from '../../shell/documentActions';
import { formatBytes, formatCount } from '../../shell/format';
import styles from './Catalog.module.css';

interface SectionProps {
  readonly title: string;
  readonly heads: readonly ReactNode[];
  readonly rows: readonly (readonly ReactNode[])[];
  /** Columns whose content is aligned right, by number. */
  readonly right?: readonly number[];
}

function Section({ title, heads, rows, right = [] }: SectionProps) {
  if (rows.length === 0) return null;
  const align = (index: number) => (right.includes(index) ? 'right' : undefined);
  return (
    <section className={styles.section} aria-label={title}>
      <h2>
        {title}{' '}
        <Text span size="xs" c="dimmed">
          {rows.length}
        </Text>
      </h2>
      <Table withTableBorder verticalSpacing={4} horizontalSpacing="sm" fz={12.5} striped="even" stripedColor="var(--app-card)">
        <Table.Thead>
          <Table.Tr>
            {heads.map((head, index) => (
              <Table.Th key={index} ta={align(index)} fz={11.5} c="dimmed" fw={600}>
                {head}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((cells, row) => (
            <Table.Tr key={row}>
              {cells.map((cell, index) => (
                <Table.Td key={index} ta={align(index)} style={right.includes(index) ? { whiteSpace: 'nowrap', fontVariantNumeric: 'tabular-nums' } : { overflowWrap: 'break-word' }}>
                  {cell}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}

const Mono = ({ children, unbroken }: { readonly children: ReactNode; readonly unbroken?: boolean }) => (
  <span className={styles.mono} data-unbroken={unbroken}>
    {children}
  </span>
);

function columnRows(detail: ObjectDetail): ReactNode[][] {
  return detail.columns.map((column) => [
    <span key="n" style={{ display: 'inline-flex', alignItems: 'center', gap: 5, fontWeight: column.primaryKey ? 600 : undefined }}>
      {column.name}
      {column.primaryKey ? <IconKey size={13} aria-label="primary key" /> : null}
    </span>,
    <Mono key="t" unbroken>{column.type}</Mono>,
    column.nullable ? 'yes' : 'no',
    <Mono key="d">{column.generated ? `generated: ${column.generated}` : column.identity ? `identity, ${column.identity}` : (column.default ?? '')}</Mono>,
    column.comment ?? '',
  ]);
}

function indexRows(detail: ObjectDetail): ReactNode[][] {
  return detail.indexes.map((index) => [
    <span key="n" style={{ display: 'inline-flex', alignItems: 'center', gap: 5, flexWrap: 'wrap' }}>
      {index.name}
      {index.primary ? <Badge color="indigo">primary</Badge> : index.unique ? <Badge color="teal">unique</Badge> : null}
      {index.valid ? null : <Badge color="red">invalid</Badge>}
      {index.scans === 0 && !index.unique ? <Badge color="yellow">never used</Badge> : null}
    </span>,
    <Mono key="d">{index.definition}</Mono>,
    index.bytes === null ? '' : formatBytes(index.bytes),
    index.scans === null ? '' : formatCount(index.scans),
  ]);
}

/** What an object is made of: columns, keys both ways, indexes with their use, constraints, triggers, partitions. */
export function StructureView({ detail, connectionId }: { readonly detail: ObjectDetail; readonly connectionId: string }) {
  const toTable = (schema: string, name: string): ReactNode => (
    <Anchor component="button" type="button" fz="inherit" onClick={() => openObject(connectionId, { schema, name, kind: 'table' }, 'structure')}>
      {schema}.{name}
    </Anchor>
  );
  return (
    // A block that scrolls must be reachable with the keyboard.
    <div className={styles.structure} tabIndex={0} role="region" aria-label="Structure">
      <Section title="Columns" heads={['Name', 'Type', 'Null', 'Default', 'Comment']} rows={columnRows(detail)} />
      <Section
        title="Foreign keys"
        heads={['Columns', 'Refers to', 'On delete', 'On update', 'Name']}
        rows={detail.foreignKeys.map((key) => [
          <Mono key="c">{key.columns.join(', ')}</Mono>,
          <span key="r">
            {toTable(key.references.schema, key.references.table)} <Mono>({key.references.columns.join(', ')})</Mono>
          </span>,
          key.onDelete,
          key.onUpdate,
          key.name,
        ])}
      />
      <Section
        title="Referred to by"
        heads={['Table', 'Its columns', 'These columns', 'Name']}
        rows={detail.referencedBy.map((key) => [toTable(key.schema, key.table), <Mono key="c">{key.columns.join(', ')}</Mono>, <Mono key="t">{key.to.join(', ')}</Mono>, key.name])}
      />
      <Section title="Indexes" heads={['Name', 'Definition', 'Size', 'Scans']} rows={indexRows(detail)} right={[2, 3]} />
      <Section title="Constraints" heads={['Name', 'Kind', 'Definition']} rows={detail.constraints.map((one) => [one.name, one.kind, <Mono key="d">{one.definition}</Mono>])} />
      <Section title="Triggers" heads={['Name', 'Definition', 'Enabled']} rows={detail.triggers.map((one) => [one.name, <Mono key="d">{one.definition}</Mono>, one.enabled ? 'yes' : 'no'])} />
      <Section title="Partitions" heads={['Table', 'Holds']} rows={detail.partitions.map((one) => [toTable(one.schema, one.name), <Mono key="b">{one.bound}</Mono>])} />
      {detail.columns.length === 0 && detail.constraints.length === 0 ? <Text c="dimmed">Nothing but its definition: see DDL.</Text> : null}
    </div>
  );
}
