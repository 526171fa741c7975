import { provideTestServer } from '../servers/postgresql';

/** One real PostgreSQL server for all journeys. */
export default async function setup(): Promise<() => Promise<void>> {
  return provideTestServer();
}
