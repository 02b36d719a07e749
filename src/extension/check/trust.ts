import type { CheckTarget } from '../../protocol/checkReport';

/** What a folder that is not trusted may not do: run what its configuration names. Comparing two files that the user has chosen reads them only. */
export function mayRun({ type }: Pick<CheckTarget, 'type'>, isTrusted: boolean): boolean {
  return isTrusted || type === 'files';
}
