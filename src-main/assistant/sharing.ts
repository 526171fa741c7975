import type { ConnectionProfile, Sharing } from '../../src-preload/contract/connections';

/** What of a connection's data reaches the model; the tools hold it, whatever the model asks for. */
export function sharingOf({ sharing = 'results' }: Pick<ConnectionProfile, 'sharing'>): Sharing {
  return sharing;
}

const told: Readonly<Record<Sharing, string>> = {
  schema: ' On this connection only the schema is shared with you: no values, no rows, no estimates. What run_query finds is seen by the person alone; lookup_values is refused. Where a spelling is unknown, say so and write the query so that it does not depend on it.',
  values: ' On this connection rows are not shared with you: what run_query finds is seen by the person alone. lookup_values tells spellings.',
  results: '',
};

/** For the model, after what it is told of the connection. */
export const sharingPrompt = (profile: Pick<ConnectionProfile, 'sharing'>): string => told[sharingOf(profile)];
