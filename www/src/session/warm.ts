/** About 700 KB of plausible input: enough for the browser to optimise the paths that a first paste will take. */
export function warmUpSample(): string {
  const rule = (port: number, source: string) => ({
    IpProtocol: 'tcp',
    FromPort: port,
    ToPort: port,
    IpRanges: [{ CidrIp: source, Description: 'warm-up' }],
    Ipv6Ranges: [],
    PrefixListIds: [],
    UserIdGroupPairs: [],
  });
  const groups = Array.from({ length: 400 }, (_, n) => ({
    GroupId: `sg-${n.toString(16).padStart(8, '0')}`,
    GroupName: `group ${n}`,
    OwnerId: '123456789012',
    VpcId: 'vpc-00000000',
    IpPermissions: [rule(22, `10.${n % 256}.0.0/16`), rule(443, '0.0.0.0/0'), rule(1024 + n, '192.0.2.0/24')],
    IpPermissionsEgress: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
  }));
  return JSON.stringify({ SecurityGroups: groups }, null, 4);
}
