import { ActionIcon, Menu } from '@mantine/core';
import { IconCopy, IconDots, IconFileExport, IconPencil, IconTrash } from '@tabler/icons-react';
import type { DashboardFace } from '../../../src-preload/contract/dashboards';
import { duplicateDashboard, exportDashboard, removeDashboard } from './actions';

interface DashboardMenuProps {
  readonly dashboard: Pick<DashboardFace, 'id' | 'name'>;
  readonly onRename: () => void;
  readonly className?: string | undefined;
}

/** What can be done with a dashboard as a whole. */
export function DashboardMenu({ dashboard, onRename, className }: DashboardMenuProps) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon className={className} aria-label={`Actions on the dashboard ${dashboard.name}`}>
          <IconDots size={15} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconPencil size={14} />} onClick={onRename}>
          Rename…
        </Menu.Item>
        <Menu.Item leftSection={<IconCopy size={14} />} onClick={() => duplicateDashboard(dashboard)}>
          Duplicate
        </Menu.Item>
        <Menu.Item leftSection={<IconFileExport size={14} />} onClick={() => exportDashboard(dashboard)}>
          Export as YAML…
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item color="red" leftSection={<IconTrash size={14} />} onClick={() => removeDashboard(dashboard)}>
          Delete
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
