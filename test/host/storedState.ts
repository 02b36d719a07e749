/**
 * Runs in the page of a VS Code: takes the focus from the window for a moment, at which VS Code writes what its parts keep, and gives
 * all that has been written.
 */
export async function storedState(): Promise<string> {
  interface Request<T> {
    result: T;
    error: unknown;
    onsuccess: () => void;
    onerror: () => void;
  }
  interface Database {
    transaction(store: string): { objectStore(store: string): { getAll(): Request<unknown[]> } };
    close(): void;
  }
  interface Scope {
    indexedDB: { databases(): Promise<{ name: string }[]>; open(name: string): Request<Database> };
    document: { hasFocus?: () => boolean; dispatchEvent(event: Event): boolean };
  }
  const { document, indexedDB } = globalThis as unknown as Scope;
  const done = <T>(request: Request<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => { resolve(request.result); };
      request.onerror = () => { reject(new Error(String(request.error))); };
    });
  document.hasFocus = () => false;
  document.dispatchEvent(new Event('visibilitychange'));
  delete document.hasFocus;
  document.dispatchEvent(new Event('visibilitychange'));
  const texts: string[] = [];
  for (const { name } of await indexedDB.databases()) {
    if (!name.startsWith('vscode-web-state-db-')) continue;
    const database = await done(indexedDB.open(name));
    const values = await done(database.transaction('ItemTable').objectStore('ItemTable').getAll());
    texts.push(...values.filter((value) => typeof value === 'string'));
    database.close();
  }
  return texts.join('\n');
}
