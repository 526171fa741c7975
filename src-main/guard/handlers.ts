import type { Handlers } from '../../src-preload/contract/core';
import type { guardContract } from '../../src-preload/contract/guard';
import type { ConnectionsService } from '../connections/service';
import type { GuardService } from './service';

/** Verdicts on every statement of a text; one verdict on the whole when it holds none. */
export function guardHandlers(service: GuardService, connections: ConnectionsService): Handlers<typeof guardContract> {
  return {
    async classify({ text, connectionId }, { signal }) {
      const guard = connectionId === undefined ? service : service.of((await connections.resolve(connectionId)).target.engine);
      const { statements } = await guard.split(text);
      const texts = statements.length > 0 ? statements.map((statement) => statement.text) : [text];
      const connection = connectionId === undefined ? undefined : await connections.session(connectionId, 'guard', { applicationName: 'ai-shell guard', signal });
      const verdicts = [];
      for (const one of texts) verdicts.push(await guard.classify(one, connection ? { connection, signal } : { signal }));
      return verdicts;
    },
  };
}
