import type { DataFilter, ObjectRef } from '../../../src-preload/contract/catalog';
import { parseObjectTab, type ObjectTabState, type TablePlace } from '../../shell/documentActions';
import { useDocuments } from '../documents/store';
import { useSettings } from '../settings/store';

/** Places that one can go back to. */
const MOST_PLACES = 50;

/** The beginning of a table's data, or of the rows that pass the filters. */
export function placeOf(object: ObjectRef, filters: readonly DataFilter[] = []): TablePlace {
  return { object, filters, sorts: [], offset: 0, limit: useSettings.getState().settings.limits.tableRows };
}

/** Where a tab's state says that the person is. */
export function currentPlace(state: ObjectTabState): TablePlace {
  return state.place ?? placeOf(state.object);
}

const at = (place: TablePlace): Pick<ObjectTabState, 'object' | 'view' | 'place'> => ({ object: place.object, view: 'data', place });

/** Leads the tab to another place; the one that is left can be gone back to. */
export function gone(state: ObjectTabState, place: TablePlace): ObjectTabState {
  return { ...state, ...at(place), back: [...(state.back ?? []), currentPlace(state)].slice(-MOST_PLACES), forward: [] };
}

/** One step through the places; the state itself where there is none. */
export function stepped(state: ObjectTabState, direction: 'back' | 'forward'): ObjectTabState {
  const [from, to] = direction === 'back' ? (['back', 'forward'] as const) : (['forward', 'back'] as const);
  const place = state[from]?.at(-1);
  if (place === undefined) return state;
  return { ...state, ...at(place), [from]: state[from]?.slice(0, -1), [to]: [...(state[to] ?? []), currentPlace(state)] };
}

/** Changes a table tab's state as it is now. A tab that follows a foreign key is named after what it shows. */
export function changeTab(documentId: string, change: (state: ObjectTabState) => ObjectTabState): void {
  const { documents, updateDocument } = useDocuments.getState();
  const state = parseObjectTab(documents.find((document) => document.id === documentId)?.text ?? '');
  if (state === null) return;
  const next = change(state);
  if (next === state) return;
  updateDocument(documentId, { text: JSON.stringify(next), ...(next.object.name === state.object.name ? {} : { title: next.object.name }) });
}
