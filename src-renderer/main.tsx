import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import '@mantine/spotlight/styles.css';
import './global.css';
import { MantineProvider } from '@mantine/core';
import { ModalsProvider } from '@mantine/modals';
import { Notifications } from '@mantine/notifications';
import { createRoot } from 'react-dom/client';
import { colorSchemeManager, loadSettings } from './features/settings/store';
import { followConnections } from './features/connections/store';
import { useDocuments } from './features/documents/store';
import { Shell } from './shell/Shell';
import { cssVariables, theme } from './theme';

async function start(): Promise<void> {
  const root = document.getElementById('root');
  if (!root) throw new Error('The page has no root element.');
  // One round to main, and the first frame is the whole window.
  await Promise.all([loadSettings(), useDocuments.getState().load(), followConnections()]);
  createRoot(root).render(
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} colorSchemeManager={colorSchemeManager} defaultColorScheme="auto">
      <Notifications position="bottom-right" limit={4} />
      <ModalsProvider>
        <Shell />
      </ModalsProvider>
    </MantineProvider>,
  );
}

void start();
