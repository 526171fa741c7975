import { Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { client } from '../../client';
import { closeTab } from '../../shell/documentActions';
import { showDone, showError } from '../../shell/errors';
import type { DashboardFace } from '../../../src-preload/contract/dashboards';
import { useDocuments } from '../documents/store';
import { dashboardOfTab, openDashboard } from './store';

type Named = Pick<DashboardFace, 'id' | 'name'>;

const orTell = (title: string, work: Promise<unknown>): void => void work.catch((error: unknown) => showError(title, error));

export function renameDashboard({ id }: Named, name: string): void {
  orTell('The dashboard was not renamed', client.dashboards.edit({ id, edits: [{ kind: 'rename', name }] }));
}

export function duplicateDashboard({ id }: Named): void {
  orTell('The dashboard was not duplicated', client.dashboards.duplicate({ id }).then((copy) => openDashboard(copy.id, copy.dashboard.name)));
}

/** Writes a dashboard's YAML where the person wants it. */
export function exportDashboard({ id, name }: Named): void {
  const save = async (): Promise<void> => {
    const { path } = await client.application.chooseSavePath({ title: 'Export the dashboard', defaultName: `${name.replaceAll(/[^\p{L}\p{N}._ -]+/gu, '_').slice(0, 80)}.yaml`, extension: 'yaml' });
    if (path === null) return;
    await client.dashboards.exportYaml({ id, path });
    showDone(`Wrote ${path}`);
  };
  orTell('The dashboard was not exported', save());
}

/** Removes a dashboard and offers to bring it back. */
export function removeDashboard({ id, name }: Named): void {
  const restore = (notification: string): void => {
    notifications.hide(notification);
    orTell('The dashboard was not brought back', client.dashboards.restore({ id }).then((back) => openDashboard(back.id, back.dashboard.name)));
  };
  const remove = async (): Promise<void> => {
    await client.dashboards.remove({ id });
    for (const document of useDocuments.getState().documents) if (document.kind === 'dashboard' && dashboardOfTab(document.text) === id) closeTab(document.id);
    const notification = `removed-${id}`;
    notifications.show({
      id: notification,
      autoClose: 15_000,
      message: (
        <Group gap="xs" wrap="nowrap">
          <Text size="sm" flex={1}>
            Deleted the dashboard {name}
          </Text>
          <Button size="compact-xs" variant="default" onClick={() => restore(notification)}>
            Undo
          </Button>
        </Group>
      ),
    });
  };
  orTell('The dashboard was not deleted', remove());
}
