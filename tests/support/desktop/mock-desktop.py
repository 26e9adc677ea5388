#!/usr/bin/python3
"""A desktop's notification and tray services (org.freedesktop.Notifications, org.kde.StatusNotifierWatcher)
on the session bus. Writes what it receives to stdout and takes clicks on stdin, both as JSON lines:

  out  {"ev": "ready"}
       {"ev": "notify", "id", "app", "summary", "body", "actions", "hints"}     {"ev": "close", "id"}
       {"ev": "tray", "name", "path"}      {"ev": "tray_properties", ...}
       {"ev": "menu", "items": [{"id", "label", "enabled"}]}      the answer to {"do": "menu"}
       {"ev": "error", "text"}
  in   {"do": "click_notification", "id", "action"}      action: "default" unless told otherwise
       {"do": "activate_tray"}      {"do": "menu"}      {"do": "click_menu", "label"}

Ends when stdin closes. Needs Debian's python3-dbus and python3-gi.
"""
import json
import sys

import dbus
import dbus.mainloop.glib
import dbus.service
from gi.repository import GLib

NOTIFICATIONS = 'org.freedesktop.Notifications'
WATCHER = 'org.kde.StatusNotifierWatcher'
ITEM = 'org.kde.StatusNotifierItem'
MENU = 'com.canonical.dbusmenu'
PROPERTIES = 'org.freedesktop.DBus.Properties'


def tell(**event):
    print(json.dumps(event, default=str), flush=True)


def brief(properties):
    return {str(key): 'pixels' if key == 'IconPixmap' else str(value)[:200] for key, value in properties.items()}


class Notifications(dbus.service.Object):
    last = 0

    @dbus.service.method(NOTIFICATIONS, in_signature='susssasa{sv}i', out_signature='u')
    def Notify(self, app, replaces, icon, summary, body, actions, hints, timeout):
        if not replaces:
            Notifications.last += 1
        number = int(replaces) or Notifications.last
        tell(ev='notify', id=number, app=app, summary=summary, body=body, actions=list(actions), hints=brief(hints))
        return dbus.UInt32(number)

    @dbus.service.method(NOTIFICATIONS, out_signature='as')
    def GetCapabilities(self):
        return ['body', 'actions', 'icon-static', 'persistence']

    @dbus.service.method(NOTIFICATIONS, out_signature='ssss')
    def GetServerInformation(self):
        return ('mock', 'test', '1', '1.2')

    @dbus.service.method(NOTIFICATIONS, in_signature='u')
    def CloseNotification(self, number):
        tell(ev='close', id=int(number))
        self.NotificationClosed(number, dbus.UInt32(3))

    @dbus.service.signal(NOTIFICATIONS, signature='uu')
    def NotificationClosed(self, number, reason):
        pass

    @dbus.service.signal(NOTIFICATIONS, signature='us')
    def ActionInvoked(self, number, key):
        pass


class Watcher(dbus.service.Object):
    """Knows the tray items; `item` and `menu` speak to the one registered last."""

    items = []

    @dbus.service.method(WATCHER, in_signature='s', sender_keyword='sender')
    def RegisterStatusNotifierItem(self, service, sender=None):
        name, path = (sender, service) if service.startswith('/') else (service, '/StatusNotifierItem')
        Watcher.items.append((name, path))
        tell(ev='tray', name=name, path=path)
        self.StatusNotifierItemRegistered(name + path)
        bus.get_object(name, path, introspect=False).GetAll(
            ITEM,
            dbus_interface=PROPERTIES,
            reply_handler=lambda found: tell(ev='tray_properties', **brief(found)),
            error_handler=lambda error: tell(ev='error', text=str(error)),
        )

    @dbus.service.method(WATCHER, in_signature='s')
    def RegisterStatusNotifierHost(self, service):
        pass

    @dbus.service.signal(WATCHER, signature='s')
    def StatusNotifierItemRegistered(self, service):
        pass

    @dbus.service.signal(WATCHER, signature='')
    def StatusNotifierHostRegistered(self):
        pass

    def values(self):
        names = dbus.Array([name + path for name, path in Watcher.items], signature='s')
        return {
            'IsStatusNotifierHostRegistered': True,
            'ProtocolVersion': dbus.Int32(0),
            'RegisteredStatusNotifierItems': names,
        }

    @dbus.service.method(PROPERTIES, in_signature='ss', out_signature='v')
    def Get(self, interface, name):
        return self.values()[name]

    @dbus.service.method(PROPERTIES, in_signature='s', out_signature='a{sv}')
    def GetAll(self, interface):
        return self.values()

    def item(self):
        name, path = Watcher.items[-1]
        return name, bus.get_object(name, path, introspect=False)

    def menu(self):
        name, item = self.item()
        path = item.Get(ITEM, 'Menu', dbus_interface=PROPERTIES)
        return bus.get_object(name, path, introspect=False)

    def menu_items(self):
        nothing = dbus.Array([], signature='s')
        _, layout = self.menu().GetLayout(0, -1, nothing, dbus_interface=MENU)
        return [
            {'id': int(child[0]), 'label': str(child[1].get('label', '')), 'enabled': bool(child[1].get('enabled', True))}
            for child in layout[2]
        ]


def click_menu(label):
    found = [item for item in watcher.menu_items() if item['label'] == label]
    if not found:
        raise LookupError(f'the tray menu has no item {label!r}')
    watcher.menu().Event(found[0]['id'], 'clicked', dbus.String('', variant_level=1), dbus.UInt32(0), dbus_interface=MENU)


def obey(order):
    if order['do'] == 'click_notification':
        notifications.ActionInvoked(dbus.UInt32(order['id']), order.get('action', 'default'))
    elif order['do'] == 'activate_tray':
        watcher.item()[1].Activate(0, 0, dbus_interface=ITEM)
    elif order['do'] == 'menu':
        tell(ev='menu', items=watcher.menu_items())
    elif order['do'] == 'click_menu':
        click_menu(order['label'])
    else:
        raise LookupError(f"no such order: {order['do']}")


def on_stdin(source, condition):
    line = sys.stdin.readline()
    if not line:
        loop.quit()
        return False
    try:
        obey(json.loads(line))
    except Exception as error:
        tell(ev='error', text=str(error))
    return True


dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
bus = dbus.SessionBus()
names = [dbus.service.BusName(name, bus, do_not_queue=True) for name in (NOTIFICATIONS, WATCHER)]
notifications = Notifications(bus, '/org/freedesktop/Notifications')
watcher = Watcher(bus, '/StatusNotifierWatcher')
loop = GLib.MainLoop()
sys.stdin = open(0, buffering=1)
GLib.io_add_watch(0, GLib.PRIORITY_DEFAULT, GLib.IO_IN | GLib.IO_HUP, on_stdin)
tell(ev='ready')
loop.run()
