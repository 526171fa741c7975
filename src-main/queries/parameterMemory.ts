import { parameterType, type ParameterSlot, type ParameterValue } from '../../src-preload/contract/queries';
import type { Store } from '../store/service';

/** The values that a person gave for parameters, by connection and name; secret ones are only known to be secret. */
export interface ParameterMemory {
  remember(connectionId: string, values: readonly ParameterValue[]): void;
  /** What to offer for these names, in their order. */
  recall(connectionId: string, names: readonly string[]): Omit<ParameterSlot, 'inferred'>[];
}

export function createParameterMemory(store: Store): ParameterMemory {
  return {
    remember(connectionId, values) {
      const at = new Date().toISOString();
      store.transaction(() => {
        for (const { name, type, value, secret } of values) {
          store.run(
            `INSERT INTO parameter_values (connection_id, name, type, value, secret, at) VALUES (?, ?, ?, ?, ?, ?)
             ON CONFLICT (connection_id, name) DO UPDATE SET type = excluded.type, value = excluded.value, secret = excluded.secret, at = excluded.at`,
            connectionId,
            name,
            type,
            secret ? '' : value,
            secret ? 1 : 0,
            at,
          );
        }
      });
    },
    recall(connectionId, names) {
      return names.map((name) => {
        const row = store.get<{ type: string; value: string; secret: number }>('SELECT type, value, secret FROM parameter_values WHERE connection_id = ? AND name = ?', connectionId, name);
        const type = parameterType.safeParse(row?.type);
        return { name, type: type.success ? type.data : 'inferred', value: row?.value ?? '', secret: row?.secret === 1, known: row !== undefined && row.secret === 0 };
      });
    },
  };
}
