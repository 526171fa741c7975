import { ActionIcon, Button, Tooltip, UnstyledButton } from '@mantine/core';
import { IconLayoutDashboard, IconPlus } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { EmptyPanel } from '../../shell/EmptyPanel';
import { ErrorPanel } from '../../shell/ErrorPanel';
import { showError } from '../../shell/errors';
import type { DashboardFace } from '../../../src-preload/contract/dashboards';
import { renameDashboard } from './actions';
import { DashboardMenu } from './DashboardMenu';
import { RenameForm } from './RenameForm';
import { newDashboard, openDashboard, readDashboards, useDashboards } from './store';
import shell from '../../shell/Shell.module.css';
import styles from './Dashboards.module.css';

const create = (): void => void newDashboard().catch((error: unknown) => showError('The dashboard was not made', error));

function Row({ dashboard }: { readonly dashboard: DashboardFace }) {
  const [renaming, setRenaming] = useState(false);
  if (renaming) {
    return (
      <li>
        <RenameForm
          name={dashboard.name}
          onCancel={() => setRenaming(false)}
          onName={(name) => {
            setRenaming(false);
            renameDashboard(dashboard, name);
          }}
        />
      </li>
    );
  }
  return (
    <li className={styles.row}>
      <UnstyledButton className={styles.entry} onClick={() => openDashboard(dashboard.id, dashboard.name)}>
        <IconLayoutDashboard size={14} aria-hidden />
        <span className={shell.ellipsis}>{dashboard.name}</span>
        <span className={styles.count}>{dashboard.tiles === 1 ? '1 tile' : `${dashboard.tiles} tiles`}</span>
      </UnstyledButton>
      <DashboardMenu dashboard={dashboard} className={styles.action} onRename={() => setRenaming(true)} />
    </li>
  );
}

/** The dashboards of the workspace. It fills its parent. */
export function DashboardsPanel() {
  const { dashboards, problems, error } = useDashboards();
  useEffect(() => void readDashboards(), []);
  return (
    <>
      <div className={shell.panelHead}>
        <span className={shell.spring}>Dashboards</span>
        <Tooltip label="New dashboard">
          <ActionIcon aria-label="New dashboard" onClick={create}>
            <IconPlus size={15} />
          </ActionIcon>
        </Tooltip>
      </div>
      <div className={styles.scroll}>
        {error ? <ErrorPanel error={error} title="The dashboards could not be read" onRetry={() => void readDashboards()} /> : null}
        {problems.map((problem) => (
          <ErrorPanel key={problem} error={{ code: 'bad_input', message: problem }} title="A dashboard cannot be read" onRetry={() => void readDashboards()} />
        ))}
        {dashboards?.length === 0 && problems.length === 0 && !error ? (
          <EmptyPanel
            icon={IconLayoutDashboard}
            title="No dashboards yet"
            actions={
              <Button variant="default" leftSection={<IconPlus size={14} />} onClick={create}>
                New dashboard
              </Button>
            }
          >
            “Pin to dashboard” on an answer or under a result keeps its query here, read again whenever you look.
          </EmptyPanel>
        ) : null}
        <ul className={styles.list} aria-label="Dashboards">
          {(dashboards ?? []).map((dashboard) => (
            <Row key={dashboard.id} dashboard={dashboard} />
          ))}
        </ul>
      </div>
    </>
  );
}
