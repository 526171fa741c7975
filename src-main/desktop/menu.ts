import { Menu, type MenuItemConstructorOptions } from 'electron';

/**
 * The application menu. Its items name commands of the window's palette, which alone knows what they do; the window has its own
 * keys, so that no accelerator here takes one away from the editor.
 */
export function setMenu(command: (id: string) => void): void {
  const item = (label: string, id: string): MenuItemConstructorOptions => ({ label, click: () => command(id) });
  const template: MenuItemConstructorOptions[] = [
    ...(process.platform === 'darwin' ? [{ role: 'appMenu' } as const] : []),
    {
      label: '&File',
      submenu: [item('New query', 'query.new'), item('New connection', 'connection.new'), { type: 'separator' }, item('Open…', 'file.open'), item('Save', 'file.save'), item('Save as…', 'file.saveAs'), { type: 'separator' }, item('Export the result as CSV', 'results.export.csv'), { type: 'separator' }, { role: 'quit' }],
    },
    { role: 'editMenu' },
    {
      label: '&Query',
      submenu: [item('Run', 'query.run'), item('Run all', 'query.runAll'), item('Stop', 'query.stop'), { type: 'separator' }, item('Format', 'editor.format'), item('Find', 'editor.find'), item('Find and replace', 'editor.replace'), { type: 'separator' }, item('Commit', 'query.commit'), item('Roll back', 'query.rollback')],
    },
    {
      label: '&View',
      submenu: [item('Command palette', 'palette.open'), item('Switch theme', 'theme.toggle'), { type: 'separator' }, { role: 'resetZoom' }, { role: 'zoomIn' }, { role: 'zoomOut' }, { role: 'togglefullscreen' }],
    },
    { role: 'help', submenu: [item('Keyboard shortcuts', 'help.shortcuts'), { role: 'toggleDevTools' }] },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
