import { describe, expect, it } from 'vitest';
import { crumbs, join, nameOf, normal, parent, permissions, reportedDirectory, resolved } from './paths';

describe('paths', () => {
  it('are absolute and without detours', () => {
    expect(normal('/a//b/./c/')).toBe('/a/b/c');
    expect(normal('/a/../../b')).toBe('/b');
    expect(join('/', 'etc')).toBe('/etc');
    expect(parent('/etc/ssl')).toBe('/etc');
    expect(parent('/')).toBe('/');
    expect(nameOf('/etc/passwd')).toBe('passwd');
    expect(resolved('/usr/bin', '../lib')).toBe('/usr/lib');
    expect(resolved('/usr/bin', '/lib')).toBe('/lib');
  });

  it('have crumbs, the root first', () => {
    expect(crumbs('/')).toEqual([{ name: '/', path: '/' }]);
    expect(crumbs('/a/b').map((each) => each.path)).toEqual(['/', '/a', '/a/b']);
  });
});

describe('permissions', () => {
  it('reads modes as ls shows them', () => {
    expect(permissions('0755')).toBe('rwxr-xr-x');
    expect(permissions('0640')).toBe('rw-r-----');
    expect(permissions('1777')).toBe('rwxrwxrwt');
    expect(permissions('4755')).toBe('rwsr-xr-x');
    expect(permissions('2644')).toBe('rw-r-Sr--');
  });
});

describe('reportedDirectory', () => {
  it('takes the path of a file URL', () => {
    expect(reportedDirectory('file://web/srv/my%20data')).toBe('/srv/my data');
    expect(reportedDirectory('file:///srv')).toBe('/srv');
  });

  it('takes what is not encoded as it stands', () => {
    expect(reportedDirectory('file://web/100%')).toBe('/100%');
  });

  it('takes nothing else', () => {
    expect(reportedDirectory('/srv')).toBeUndefined();
    expect(reportedDirectory('https://example.com/x')).toBeUndefined();
  });
});
