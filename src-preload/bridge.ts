import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { kinds } from 'virtual:contract-kinds';
import { channel, type Answer, type Bridge, type Part, type Reply, type Told } from './wire';

function kindOf(feature: string, member: string): string | undefined {
  const members = Object.hasOwn(kinds, feature) ? kinds[feature] : undefined;
  return members && Object.hasOwn(members, member) ? members[member] : undefined;
}

let lastId = 0;
interface Waiting {
  readonly onPart: ((part: unknown) => void) | undefined;
  answer(reply: Reply): void;
}
const waiting = new Map<number, Waiting>();
ipcRenderer.on(channel.part, (_event, { id, part }: Part) => waiting.get(id)?.onPart?.(part));
ipcRenderer.on(channel.answer, (_event, { id, reply }: Answer) => {
  waiting.get(id)?.answer(reply);
  waiting.delete(id);
});

// One listener of the channel for all: dozens are heard at the same time, which is no leak.
const hearing = new Set<(told: Told) => void>();
ipcRenderer.on(channel.told, (_event, told: Told) => {
  for (const heard of [...hearing]) heard(told);
});

const bridge: Bridge = {
  request(feature, member, input, onPart) {
    const kind = kindOf(feature, member);
    lastId += 1;
    const id = lastId;
    if (kind !== 'call' && kind !== 'stream') {
      return { id, reply: Promise.resolve({ ok: false, error: { code: 'bad_input', message: `There is no ${feature}.${member}.` } }) };
    }
    const reply = new Promise<Reply>((answer) => waiting.set(id, { onPart, answer }));
    try {
      ipcRenderer.send(channel.request, { id, feature, member, input });
    } catch (error) {
      // What cannot be cloned, such as a function, is no input of any member.
      waiting.get(id)?.answer({ ok: false, error: { code: 'bad_input', message: error instanceof Error ? error.message : String(error) } });
      waiting.delete(id);
    }
    return { id, reply };
  },
  droppedPath(file) {
    const path = webUtils.getPathForFile(file);
    // Only the system can make a file with a path: the page cannot name one.
    if (path !== '') ipcRenderer.send(channel.dropped, path);
    return path;
  },
  abort: (id) => ipcRenderer.send(channel.abort, id),
  on(feature, member, listener) {
    if (kindOf(feature, member) !== 'event') return () => undefined;
    const heard = (told: Told): void => {
      if (told.feature === feature && told.member === member) listener(told.payload);
    };
    hearing.add(heard);
    return () => void hearing.delete(heard);
  },
};

contextBridge.exposeInMainWorld('aiShell', bridge);
