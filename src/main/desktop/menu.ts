import { Menu, type MenuItemConstructorOptions } from 'electron';
import type { Texts } from './texts.ts';

export interface MenuActions {
  newJob: () => void;
  settings: () => void;
  quit: () => void;
}

/** Standard roles bring the labels of the system's language and its usual keys. */
export function setMenu({ menu, tray }: Texts, actions: MenuActions, isMac: boolean): void {
  const newJob = { label: menu.newJob, accelerator: 'CmdOrCtrl+N', click: actions.newJob };
  const settings = { label: menu.settings, accelerator: 'CmdOrCtrl+,', click: actions.settings };
  const quit = { label: tray.quit, accelerator: 'CmdOrCtrl+Q', click: actions.quit };
  const macMenu: MenuItemConstructorOptions = {
    role: 'appMenu',
    submenu: [
      { role: 'about' },
      settings,
      { type: 'separator' },
      { role: 'services' },
      { type: 'separator' },
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      { type: 'separator' },
      quit,
    ],
  };
  const fileMenu: MenuItemConstructorOptions = {
    label: menu.file,
    submenu: [newJob, ...(isMac ? [] : [settings]), { role: 'close' }, ...(isMac ? [] : [quit])],
  };
  const viewMenu: MenuItemConstructorOptions = {
    label: menu.view,
    submenu: [
      { role: 'reload' },
      { role: 'toggleDevTools' },
      { type: 'separator' },
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      { role: 'togglefullscreen' },
    ],
  };
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      ...(isMac ? [macMenu] : []),
      fileMenu,
      { label: menu.edit, role: 'editMenu' },
      viewMenu,
      { label: menu.window, role: 'windowMenu' },
    ]),
  );
}
