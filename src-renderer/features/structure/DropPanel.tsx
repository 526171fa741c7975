import { Checkbox, Drawer, Skeleton, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { ObjectRef } from '../../../src-preload/contract/catalog';
import type { AppErrorData } from '../../../src-preload/contract/error';
import type { DropPlan } from '../../../src-preload/contract/structure';
import { client, errorData } from '../../client';
import { ErrorPanel } from '../../shell/ErrorPanel';
import { showDone, showError } from '../../shell/errors';
import { refreshCatalog } from '../catalog/store';
import { openConnection } from '../connections/store';
import { StatementPanel } from '../queries/StatementPanel';
import { useSettings } from '../settings/store';
import { closeDrop, useDropping, type Dropping } from './begin';
import classes from './Structure.module.css';

function Content({ connectionId, object }: Dropping) {
  const [cascade, setCascade] = useState(false);
  const [state, setState] = useState<{ plan: DropPlan | null; error: AppErrorData | null }>({ plan: null, error: null });
  const key = JSON.stringify(object);
  useEffect(() => {
    const abort = new AbortController();
    openConnection(connectionId)
      .then(() => client.structure.dropPlan({ connectionId, object: JSON.parse(key) as ObjectRef, cascade, lockTimeoutMs: useSettings.getState().settings.limits.lockSeconds * 1000 }, { signal: abort.signal }))
      .then(
        (plan) => setState({ plan, error: null }),
        (error: unknown) => {
          if (!abort.signal.aborted) setState({ plan: null, error: errorData(error) });
        },
      );
    return () => abort.abort();
  }, [connectionId, key, cascade]);
  const { plan, error } = state;
  if (error) return <ErrorPanel error={error} title="What depends on it could not be read" />;
  if (!plan) return <Skeleton height={14} width="70%" aria-label="Reading what depends on it" />;
  const others = plan.dependents.filter(({ goes }) => goes === 'cascade');
  const own = plan.dependents.filter(({ goes }) => goes === 'always');
  const list = (title: string, items: typeof others) =>
    items.length === 0 ? null : (
      <div>
        <Text size="sm" fw={600}>
          {title}
        </Text>
        <ul className={classes.dependents}>
          {items.map(({ description }) => (
            <li key={description}>{description}</li>
          ))}
        </ul>
      </div>
    );
  return (
    <StatementPanel
      connectionId={connectionId}
      text={plan.script}
      title={`Drop ${object.schema}.${object.name}`}
      applyLabel={`Drop ${object.name}`}
      danger
      disabled={others.length > 0 && !cascade}
      empty=""
      onDone={() => {
        showDone(`${object.name} is dropped`);
        closeDrop();
        refreshCatalog(connectionId).catch((thrown: unknown) => showError('The objects could not be read anew', thrown));
      }}
    >
      <Text size="sm">Its data is lost; only a backup brings it back. Lock: {plan.lock}.</Text>
      {others.length > 0 ? (
        <>
          {list('Other objects depend on it:', others)}
          {plan.more > 0 ? <Text size="sm">…and {plan.more} more.</Text> : null}
          <Checkbox size="xs" color="red" label="Drop all of these too (CASCADE). Of a table of another’s foreign key only the key goes." checked={cascade} onChange={(event) => setCascade(event.currentTarget.checked)} />
        </>
      ) : (
        <Text size="sm">Nothing else depends on it.</Text>
      )}
      {list('Goes with it in any case:', own)}
    </StatementPanel>
  );
}

/** The side panel in which an object is dropped. */
export function DropPanel() {
  const dropping = useDropping((now) => now.dropping);
  return (
    <Drawer opened={dropping !== null} onClose={closeDrop} title="Drop an object" styles={{ body: { height: 'calc(100% - 60px)', padding: 0 } }}>
      {dropping ? <Content key={JSON.stringify(dropping)} {...dropping} /> : null}
    </Drawer>
  );
}
