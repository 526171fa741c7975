import { Drawer } from '@mantine/core';
import { useConnection } from '../../features/connections/store';
import { ResultExportForm } from './ResultExportForm';
import { closeExport, useExport } from './store';
import { TablesExportForm } from './TablesExportForm';

/** The panel at the right that exports a result, or tables. */
export function ExportPanel() {
  const open = useExport((state) => state.open);
  const connection = useConnection(open?.kind === 'tables' ? open.connectionId : null);
  const title = open?.kind === 'tables' ? `Export tables of ${connection?.name ?? ''}` : `Export ${open?.name ?? ''}`;
  return (
    <Drawer opened={open !== null} onClose={closeExport} title={title} styles={{ title: { overflowWrap: 'anywhere' } }}>
      {open?.kind === 'result' ? <ResultExportForm key={open.resultId} result={open} /> : null}
      {open?.kind === 'tables' ? <TablesExportForm request={open} /> : null}
    </Drawer>
  );
}
