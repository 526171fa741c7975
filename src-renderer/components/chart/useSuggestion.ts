import { useEffect, useState } from 'react';
import { client, errorData } from '../../client';
import type { ResultView, ViewSuggestion } from '../../../src-preload/contract/charts';
import type { AppErrorData } from '../../../src-preload/contract/error';

/** The view that suits a result, once its rows are there; the proposed one where that fits. `proposed` must be the same object as long as it means the same. */
export function useSuggestion(resultId: string, complete: boolean, proposed: ResultView | null): { readonly suggestion: ViewSuggestion | null; readonly error: AppErrorData | null } {
  const [found, setFound] = useState<{ readonly suggestion: ViewSuggestion | null; readonly error: AppErrorData | null }>({ suggestion: null, error: null });
  useEffect(() => {
    if (!complete) return undefined;
    let alive = true;
    client.charts.suggest({ resultId, proposed }).then(
      (suggestion) => alive && setFound({ suggestion, error: null }),
      (error: unknown) => alive && setFound({ suggestion: null, error: errorData(error) }),
    );
    return () => {
      alive = false;
    };
  }, [resultId, complete, proposed]);
  return found;
}
