import type { ObjectRef } from '../../src-preload/contract/catalog';
import type { DropPlan, PlanOptions, StructurePlan } from '../../src-preload/contract/structure';
import type { StructureEdit, StructureModel } from '../../src-preload/contract/structureModel';
import type { ConnectionsService } from '../connections/service';
import type { Connection } from '../drivers/driver';
import type { StructureDriver } from '../drivers/structure';
import { AppError } from '../errors';

/** Reads the structure of tables and views and plans changes to it. It runs none of them: they are sent like any other statement. */
export interface StructureService {
  read(connectionId: string, object: ObjectRef, signal: AbortSignal): Promise<StructureModel>;
  plan(connectionId: string, from: StructureModel, edits: readonly StructureEdit[], options: PlanOptions): Promise<StructurePlan>;
  dropPlan(connectionId: string, object: ObjectRef, options: { cascade: boolean; lockTimeoutMs: number }, signal: AbortSignal): Promise<DropPlan>;
  choices(connectionId: string, signal: AbortSignal): Promise<{ types: string[]; methods: string[]; schemas: string[] }>;
}

export function createStructureService({ connections }: { connections: Pick<ConnectionsService, 'resolve' | 'driver' | 'withSession'> }): StructureService {
  const driverOf = async (connectionId: string): Promise<StructureDriver> => {
    const profile = await connections.resolve(connectionId);
    const { structure, capabilities } = connections.driver(profile);
    if (!structure) throw new AppError('unsupported', `The structure of “${profile.name}” cannot be edited.`, typeof capabilities.structure === 'string' ? { detail: capabilities.structure } : {});
    return structure;
  };
  const onSession = async <T>(connectionId: string, signal: AbortSignal, work: (driver: StructureDriver, connection: Connection) => Promise<T>): Promise<T> => {
    const driver = await driverOf(connectionId);
    return connections.withSession(connectionId, { applicationName: 'ai-shell structure', signal }, (connection) => work(driver, connection));
  };
  return {
    read: (connectionId, object, signal) => onSession(connectionId, signal, (driver, connection) => driver.read(connection, object, signal)),
    plan: async (connectionId, from, edits, options) => (await driverOf(connectionId)).plan(from, edits, options),
    dropPlan: (connectionId, object, options, signal) => onSession(connectionId, signal, (driver, connection) => driver.dropPlan(connection, object, options, signal)),
    choices: (connectionId, signal) => onSession(connectionId, signal, (driver, connection) => driver.choices(connection, signal)),
  };
}
