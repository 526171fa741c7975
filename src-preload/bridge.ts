import { contextBridge, ipcRenderer } from 'electron';
import { contracts } from './contract/all';
import { channel, type Bridge, type Part, type Reply, type Told } from './wire';

const members: Record<string, Record<string, { kind: string }>> = Object.fromEntries(Object.values(contracts).map((contract) => [contract.feature, contract.members]));
const kindOf = (feature: string, member: string): string | undefined => (Object.hasOwn(members, feature) ? members[feature]?.[member]?.kind : undefined);

let lastId = 0;
const partListeners = new Map<number, (part: unknown) => void>();
ipcRenderer.on(channel.part, (_event, { id, part }: Part) => partListeners.get(id)?.(part));

const bridge: Bridge = {
  request(feature, member, input, onPart) {
    const kind = kindOf(feature, member);
    lastId += 1;
    const id = lastId;
    if (kind !== 'call' && kind !== 'stream') {
      return { id, reply: Promise.resolve({ ok: false, error: { code: 'bad_input', message: `There is no ${feature}.${member}.` } }) };
    }
    if (onPart) partListeners.set(id, onPart);
    const reply = (ipcRenderer.invoke(channel.request, { id, feature, member, input }) as Promise<Reply>)
      .catch((error: unknown): Reply => ({ ok: false, error: { code: 'internal', message: error instanceof Error ? error.message : String(error) } }))
      .finally(() => partListeners.delete(id));
    return { id, reply };
  },
  abort: (id) => ipcRenderer.send(channel.abort, id),
  on(feature, member, listener) {
    if (kindOf(feature, member) !== 'event') return () => undefined;
    const heard = (_event: unknown, told: Told): void => {
      if (told.feature === feature && told.member === member) listener(told.payload);
    };
    ipcRenderer.on(channel.told, heard);
    return () => void ipcRenderer.removeListener(channel.told, heard);
  },
};

contextBridge.exposeInMainWorld('aiShell', bridge);
