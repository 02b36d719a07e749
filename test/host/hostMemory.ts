import fs from 'node:fs';

/** Memory of the newest extension host of a server, in MB. Linux only, as the server is. @param home the server's folder, which its arguments name */
export function hostMegabytes(home: string): number {
  const hosts = processes().filter(({ words, environment }) => words.includes('--type=extensionHost') && environment.includes(`HOME=${home}`));
  const newest = hosts.sort((a, b) => b.id - a.id)[0];
  if (newest === undefined) throw new Error('No extension host is running.');
  const resident = /^VmRSS:\s+(\d+) kB/m.exec(fs.readFileSync(`/proc/${newest.id}/status`, 'utf8'))?.[1];
  return Number(resident) / 1024;
}

function processes(): { readonly id: number; readonly words: string[]; readonly environment: string[] }[] {
  return fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((name) => {
    try {
      return [{ id: Number(name), words: fs.readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0'), environment: fs.readFileSync(`/proc/${name}/environ`, 'utf8').split('\0') }];
    } catch {
      // It has ended meanwhile, or belongs to somebody else
      return [];
    }
  });
}
