//! Words that belong to the formats, and the placeholders of those that do not.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use crate::formats::{is_known_to_ufw, is_service_tag};

/// Whether a word belongs to a format, so that it stays whoever wrote it. `host` for the formats of a machine's own firewall.
pub(super) fn is_known(word: &str, host: bool) -> bool {
    static CLOUD: OnceLock<HashSet<&str>> = OnceLock::new();
    static HOST: OnceLock<HashSet<&str>> = OnceLock::new();
    let normal = normal(word);
    let cloud = CLOUD.get_or_init(|| WORDS.split_whitespace().collect());
    cloud.contains(normal.as_str())
        || is_service_tag(word)
        || host && (HOST.get_or_init(|| HOST_WORDS.split_whitespace().collect()).contains(normal.as_str()) || is_known_to_ufw(word))
}

/// A word in one spelling for snake, kebab, camel and capitals.
pub(super) fn normal(word: &str) -> String {
    word.chars().filter(|letter| !matches!(letter, '_' | '-')).map(|letter| letter.to_ascii_lowercase()).collect()
}

/// Placeholders in the order in which words were first seen.
#[derive(Default)]
pub(super) struct Placeholders {
    words: HashMap<String, usize>,
    ids: HashMap<String, usize>,
    numbers: HashMap<String, usize>,
}

impl Placeholders {
    /// How many words, identifiers and numbers there are.
    pub(super) fn counts(&self) -> (usize, usize, usize) {
        (self.words.len(), self.ids.len(), self.numbers.len())
    }

    /// A letter case of its own for each of the letter cases that people write, since some platforms tell them apart.
    pub(super) fn word(&mut self, word: &str) -> String {
        let nth = nth(&mut self.words, word.to_lowercase());
        let (capital, lower) = (word.chars().any(char::is_uppercase), word.chars().any(char::is_lowercase));
        let first = word.chars().next().is_some_and(char::is_uppercase);
        let stem = match (capital, lower, first) {
            (false, ..) => "name",
            (true, false, _) => "NAME",
            (true, true, true) => "Name",
            (true, true, false) => "naMe",
        };
        format!("{stem}{nth}")
    }

    /// The part of a cloud's identifier behind its prefix: hexadecimal, as long as it was.
    pub(super) fn hex(&mut self, id: &str) -> String {
        let nth = nth(&mut self.ids, id.to_lowercase());
        format!("{nth:0>width$x}", width = id.len())
    }

    /// A UUID.
    pub(super) fn uuid(&mut self, id: &str) -> String {
        let nth = nth(&mut self.ids, id.to_lowercase());
        format!("00000000-0000-4000-8000-{nth:0>12x}")
    }

    /// A long number, such as an account's, as long as it was.
    pub(super) fn number(&mut self, number: &str) -> String {
        let nth = nth(&mut self.numbers, number.to_owned()).saturating_sub(1);
        let digits: String = "123456789012".chars().cycle().take(number.len().min(30)).collect();
        let base: u128 = digits.parse().unwrap_or(0);
        base.saturating_add(u128::try_from(nth).unwrap_or(0)).to_string()
    }
}

fn nth(seen: &mut HashMap<String, usize>, key: String) -> usize {
    let next = seen.len().saturating_add(1);
    *seen.entry(key).or_insert(next)
}

/// Keys and values of the clouds' formats and of templates, as [`normal`] spells them.
const WORDS: &str = "\
    azapi azapiresource azapiupdateresource body cloudformationstack cloudformationstackset parentid templatecontent templateurl \
    backendbucket backendbuckets createdby defaultrouteaction defaultservice globalnetworkendpointgroup instancegroupmanagers \
    networkendpoint networkendpointgroup networkendpointgroups networkendpoints pathmatcher pathmatchers pathrule pathrules \
    regioninstancegroupmanager regioninstancetemplate regionnetworkendpointgroup regiontargethttpproxies regiontargethttpproxy \
    regiontargethttpsproxies regiontargethttpsproxy regiontargettcpproxies regiontargettcpproxy regionurlmap regionurlmaps \
    requestmirrorpolicy routeaction routerule routerules selflinkunique service targetgrpcproxies targetgrpcproxy \
    targethttpproxies targethttpproxy targethttpsproxies targethttpsproxy targetsslproxies targetsslproxy targettcpproxies \
    targettcpproxy test tests urlmap urlmaps weightedbackendservices \
    allports backends backendservice backendservices basic externalmanaged forwardingrule forwardingrules globalforwardingrule \
    globalforwardingrules instancegroup instancegroupmanager instancegroups instancetemplate internalmanaged internalselfmanaged \
    l3default loadbalancingscheme publicipaddressconfiguration publicipaddresses publicipallocationmethod regionbackendservice sku \
    standardv2 targetinstance targetinstances targetpool targetpools targetvpngateway targetvpngateways virtualmachineprofile \
    select findinmap join getazs importvalue base64 datetime tzinfo tzutc beforeclassicfirewall afterclassicfirewall using targetscope extension \
    portcullis approve alwaysallow applysecurityprofilegroup assets check gotonext imageid item match rejected expired spec scope \
    accept access ack action active add addr address addressprefix addressprefixes addrtype after afterunknown ah alias all \
    allow allowazureloadbalancerinbound allowed allowedvalues allowinternetoutbound allowvnetinbound allowvnetoutbound and \
    any api apiversion applicationsecuritygroupid applicationsecuritygroups approval approve arm arn array assetslist \
    assettype assignpublicip associatepublicipaddress association associationid associations attachment attachments \
    attachmenttarget attributes attributesflat authorizesecuritygroupegress authorizesecuritygroupingress availabilityzone \
    available aws awstemplateformatversion az azurerm backend bicep bindings blackhole block bool boolean carriergatewayid \
    change changes childmodules cidr cidrblock cidrblockassociationset cidrblocks cidrip cidripv4 cidripv6 cidrs \
    cloudtrailevent code com commadelimitedlist comment common compute concat condition conditions config configuration \
    configurationitems configurationitemstatus constantvalue contains content contentversion context continue copy copyindex \
    count create createsecuritygroup cycle data dbsubnetgroupname default defaultnetworkacl defaultnetworkaclid \
    defaultsecuritygroup defaultsecurityrules defaultvalue deleted deletesecuritygroup denied deny denyallinbound \
    denyalloutbound dependson deployment deploymentmode description destaddressgroups destfqdns destination \
    destinationaddressprefix destinationaddressprefixes destinationapplicationsecuritygroupids \
    destinationapplicationsecuritygroups destinationcidrblock destinationipv6cidrblock destinationportrange \
    destinationportranges destinationprefixlistid destinationranges destinationsecuritygroupid destipranges \
    destnetworkcontext destnetworkscope destnetworktype destregioncodes destthreatintelligences direction disabled \
    displayname dst dynamic each ec2 effectivesecuritygroups effectivesecurityrules egress egressonlygatewayid \
    egressonlyinternetgatewayid elements else email enabled endif entries entry equals errorcode esp eventname events \
    eventsource existing expandeddestinationaddressprefix expandedsourceaddressprefix expr expression \
    expressionevaluationoptions expressions external failed false file firewall firewallpolicies firewallpolicy \
    firewallpolicyref firewallpolicyrule firewallpolicys firewallpolicywithrules firewalls first for foreach format \
    formatversion from fromport gateway gatewayid gcp gcptypes getatt global google googleapis gre groupid groupname groups \
    hierarchy hostid http https icmp icmpcode icmptype icmptypecode icmpv6 id if igmp import in inbound includeall incoming \
    index indexkey ineffective ingress inner input instance instanceid instanceownerid instances int integer interface \
    interfacetype internal internalmanagedlb internet intravpc inuse invalid ip ipconfiguration ipconfigurations ipip \
    ippermissions ippermissionsegress ipprotocol ipranges ipv4 ipv4ranges ipv6 ipv6address ipv6addresses ipv6cidrblock \
    ipv6cidrblockassociationset ipv6cidrblocks ipv6icmp ipv6ranges isdefault isegress items iterator join json justification \
    key keys kind last layer4config layer4configs length let lifecycle lineage list loadbalancerbackendaddresspools \
    loadbalancerinboundnatrules local locals location locations logconfig main managed map mapping mappings \
    mappubliciponlaunch metadata mode modifysecuritygrouprules modifysecuritygrouprulesrequest module modulecalls modules \
    moved name nat natgateway natgatewayid network networkacl networkaclassociationid networkaclid networkacls \
    networkconfiguration networkfirewallpolicyassociation networkfirewallpolicyenforcementorder networkfirewallpolicyrule \
    networkinterface networkinterfaceid networkinterfaces networkmanager networkref networkregional networks \
    networksecuritygroup networksecuritygroupid networksecuritygroupname new no none noninternet not null nullable num \
    number object off on op optional or organizationfirewalls originfacing other outbound outgoing output outputs override \
    owner ownerid param parameters parent path peeringstatus plain plannedvalues policies policy port portrange ports prefix \
    prefixlistid prefixlistids prefixlistname prefixlists primary priority priorstate privateip privateipaddress \
    privateipaddresses privateips project projects properties protocol provider providername providers publicip \
    publicipaddress publicipaddressid publiclyaccessible range readonly records ref reference referencedgroupid \
    referencedgroupinfo referencedsecuritygroupid references region regionnetworkfirewallpolicyrule regions relevant removed \
    replace requestparameters reservationid reservations resolve resource resourcearn resourcechanges resourcegroupid \
    resourcegroupname resourcegroups resourceid resources resourcetype resourceversion response result results return \
    returnvalue review revokesecuritygroupegress revokesecuritygroupingress rootmodule route routes routetableid routetables \
    rule ruleaction rulename ruleno rulenumber rules s3 schema schemas sctp securitygroup securitygroupegress \
    securitygroupid securitygroupids securitygroupingress securitygrouprule securitygroupruleid securitygrouprules \
    securitygroups securityrule securityrules self selflink sensitive serial serviceaccounts set sets shortname sid source \
    sourceaddressprefix sourceaddressprefixes sourceapplicationsecuritygroupids sourceapplicationsecuritygroups \
    sourceportrange sourceportranges sourceprefixlistid sourceranges sources sourcesecuritygroupid sourcesecuritygroupname \
    sourcesecuritygroupownerid sourceserviceaccounts sourcetags split src srcaddressgroups srcfqdns srcipranges \
    srcnetworkcontext srcnetworks srcnetworkscope srcnetworktype srcregioncodes srcsecuretag srcsecuretags \
    srcthreatintelligences ssm standard state statements status string sub subnet subnetgroupname subnetid subnetids subnets \
    subnetworks subscriptionid subscriptions system tag tagkeys tags tagset tagvalues target targetresources targets \
    targetsecuretag targetsecuretags targetserviceaccounts targettags targettype tcp templatebody tenant terminated \
    terraform terraformversion tf tfvars this to toml toport true type udp unchanged uniquestring unspecified until userid \
    useridgrouppairs uses v1 val value values var variable variables version virtualmachine vpcid vpcnetworks \
    vpcpeeringconnectionid vpcs vpcsecuritygroupids xml yaml yes yml zone zones";

/// What the tools of a machine's own firewall add.
const HOST_WORDS: &str = "\
    th dormant family original len \
    addresses addressmaskreply addressmaskrequest addrunreachable admin adminprohibited anywhere append arp audit br bridge \
    broadcast burst bytes carp chain chains checkentry checksum clamp classify commit comp connlimit connmark connsecmark \
    conntrack conntracks counter ct ctdir ctorigdst ctproto ctstate daddr dccp del delete destinationunreachable dnat docker \
    dport dports drop dscp dstrange dsttype dup echoreply echorequest ecn egp elem element established extendedechoreply \
    extendedechorequest fib field filter fin flag flags flush forward fragmentationneeded fragneeded full fully fwd goto \
    handle hashlimit helper high hitcount hl hmark hook host hostprohibited hostunreachable icmp6 icmp6admprohibited \
    icmp6portunreachable icmp6type icmpadminprohibited icmphostprohibited icmphostunreachable icmpnetunreachable \
    icmpportunreach icmpportunreachable idletimer igp iif iifname inactive inet info inforeply inforequest invert ip6 \
    ip6tables ipcomp ipencap iprange iptables jump l2tp l4proto label led left level limit limitburst limited lo log logging \
    loop low lower mac mangle mark mask masquerade match matchset meta metainfo meter mh mld2listenerreport mldlistenerdone \
    mldlistenerquery mldlistenerreduction mldlistenerreport multi multicast multiport ndneighboradvert ndneighborsolicit \
    ndredirect ndrouteradvert ndroutersolicit neighboradvertisement neighborsolicitation neighbouradvertisement \
    neighboursolicitation net netmap netprohibited netunreachable nexthdr nflog nfproto nfqueue nft nftables noflush nonat \
    noprefix nopt noroute nosyn notrack ns numeric oif oifname one ospf ospfigp out packets packettoobig parameterproblem \
    pasted payload persistent photuris physdev pim ping pkttype policyfail pong portunreachable postrouting prerouting prio \
    profiles prohibited proto protunreachable psh queue quota quotas random randomfully rateest raw rcheck reap recent \
    redirect reject rejectroute related releasename reset right routed routeradvertisement routersolicitation rpfilter \
    rsource rst rsvp saddr save secmark seconds security setxmark skip snat socket sourcequench spi sport sports srcrange \
    srctype statistic stmt syn synproxy table tcpflags tcpmss tcpoptstrip tcpreset tee timeexceeded timeout timestampreply \
    timestamprequest todestination toports tos tosource total tproxy trace traceroute ttl ttlexceeded ttlzeroduringtransit \
    udplite uid ulog unicast unlimited unreachable untracked update upper urg user v6 verdict via vmap vrrp with xmark xset \
    xt";
