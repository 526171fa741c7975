import type { z } from 'zod';
import type { Contracts } from '../../src-preload/contract/all';
import type { EventNames, EventSpec } from '../../src-preload/contract/core';
import type { AppServices } from '../app';

type Tell = (feature: string, member: string, payload: unknown) => void;
type Payload<F extends keyof Contracts, E> = E extends keyof Contracts[F]['members'] ? (Contracts[F]['members'][E] extends EventSpec<infer P> ? z.input<P> : never) : never;

/** Passes what the services tell on to the windows, as events of the contract. */
export function bindEvents(services: AppServices, tell: Tell): void {
  const on = <F extends keyof Contracts, E extends EventNames<Contracts[F]['members']>>(feature: F, member: E) => (payload: Payload<F, E>): void => tell(feature, String(member), payload);
  services.connections.onStatus(on('connections', 'statusChanged'));
  services.connections.onChange(() => on('connections', 'changed')(undefined));
  services.imports.onFinished(on('imports', 'finished'));
  services.charts.onChange(() => on('charts', 'changed')({}));
  services.dashboards.onChange((id) => on('dashboards', 'changed')({ id }));
  services.jobs.onChange(on('jobs', 'changed'));
  services.secrets.onChange(on('secrets', 'changed'));
  services.files.onChange((path) => on('files', 'changed')({ path }));
  services.savedQueries.onChange(() => on('savedQueries', 'changed')(undefined));
  services.snippets.onChange(() => on('snippets', 'changed')(undefined));
  services.settings.onChange(on('settings', 'changed'));
  services.demo.onChange(on('demo', 'changed'));
  services.assistant.onConversationChange(on('assistant', 'conversationChanged'));
}
