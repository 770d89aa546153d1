//! Service tags: names that Microsoft fills with addresses (Azure service tags overview). Which addresses is not in the
//! text, so a tag is told by who is behind it.

use crate::model::{NamedSet, Peer, Symbol, SymbolKind};
use crate::space::{documentation, public};

/// The address of Azure's own DNS, DHCP and health probes.
pub(super) const PLATFORM_ADDRESS: &str = "168.63.129.16";

/// Who is behind a word, if the word is a service tag; letter case does not matter.
pub(super) fn peer(word: &str) -> Option<Peer> {
    let base = word.split('.').next().unwrap_or_default();
    let is = |names: &[&str]| names.iter().any(|name| base.eq_ignore_ascii_case(name));
    if is(&["Internet"]) {
        return Some(internet(word));
    }
    let kind = if is(&["VirtualNetwork", "VIRTUAL_NETWORK"]) {
        SymbolKind::Network
    } else if is(PLATFORM) {
        SymbolKind::Platform
    } else if is(&["AzureCloud"]) {
        // Every customer's machines are inside.
        SymbolKind::Provider
    } else if is(SERVICES) {
        SymbolKind::SharedService
    } else {
        return None;
    };
    Some(symbol(kind, word))
}

/// The addresses outside of the virtual network that the public internet can reach. Example addresses count as public
/// everywhere, so they are inside.
fn internet(word: &str) -> Peer {
    Peer::Named(Box::new(NamedSet { name: word.into(), set: public().union(documentation()) }))
}

/// Members known by name only.
pub(super) fn symbol(kind: SymbolKind, name: &str) -> Peer {
    Peer::Symbol(Box::new(Symbol { kind, id: name.into(), account: None }))
}

/// Azure's own probes and brokers, and the addresses that never leave a host.
const PLATFORM: &[&str] =
    &["AzureLoadBalancer", "AZURE_LOADBALANCER", "GatewayManager", "AzurePlatformDNS", "AzurePlatformIMDS", "AzurePlatformLKM"];

/// Services of many customers, without the region or part behind the dot.
const SERVICES: &[&str] = &[
    "ActionGroup",
    "ApiManagement",
    "AppConfiguration",
    "ApplicationInsightsAvailability",
    "AppService",
    "AppServiceManagement",
    "AutonomousDevelopmentPlatform",
    "AzureActiveDirectory",
    "AzureActiveDirectoryDomainServices",
    "AzureAdvancedThreatProtection",
    "AzureApiForFHIR",
    "AzureArcInfrastructure",
    "AzureAttestation",
    "AzureBackup",
    "AzureBotService",
    "AzureCognitiveSearch",
    "AzureConnectors",
    "AzureContainerAppsService",
    "AzureContainerRegistry",
    "AzureCosmosDB",
    "AzureDatabricks",
    "AzureDataExplorerManagement",
    "AzureDataLake",
    "AzureDedicatedHSM",
    "AzureDevOps",
    "AzureDevSpaces",
    "AzureDeviceUpdate",
    "AzureDigitalTwins",
    "AzureEventGrid",
    "AzureFrontDoor",
    "AzureHealthcareAPIs",
    "AzureInformationProtection",
    "AzureIoTHub",
    "AzureKeyVault",
    "AzureLoadTestingInstanceManagement",
    "AzureMachineLearning",
    "AzureMachineLearningInference",
    "AzureManagedGrafana",
    "AzureMonitor",
    "AzureMonitorForSAP",
    "AzureOpenDatasets",
    "AzureResourceManager",
    "AzureSecurityCenter",
    "AzureSentinel",
    "AzureSignalR",
    "AzureSiteRecovery",
    "AzureSphere",
    "AzureSpringCloud",
    "AzureStack",
    "AzureTrafficManager",
    "AzureUpdateDelivery",
    "AzureVideoIndexer",
    "AzureWebPubSub",
    "BatchNodeManagement",
    "ChaosStudio",
    "CognitiveServicesFrontend",
    "CognitiveServicesManagement",
    "DataFactory",
    "DataFactoryManagement",
    "Dynamics365BusinessCentral",
    "Dynamics365ForMarketingEmail",
    "EOPExternalPublishedIPs",
    "EventHub",
    "GenevaActions",
    "GuestAndHybridManagement",
    "HDInsight",
    "KustoAnalytics",
    "LogicApps",
    "LogicAppsManagement",
    "M365ManagementActivityApi",
    "M365ManagementActivityApiWebhook",
    "Marketplace",
    "MicrosoftAzureFluidRelay",
    "MicrosoftCloudAppSecurity",
    "MicrosoftContainerRegistry",
    "MicrosoftDefenderForEndpoint",
    "MicrosoftPurviewPolicyDistribution",
    "OneDsCollector",
    "PowerBI",
    "PowerPlatformInfra",
    "PowerPlatformPlex",
    "PowerQueryOnline",
    "Scuba",
    "SerialConsole",
    "ServiceBus",
    "ServiceFabric",
    "Sql",
    "SqlManagement",
    "Storage",
    "StorageMover",
    "StorageSyncService",
    "VideoIndexer",
    "VirtualDesktop",
    "WindowsAdminCenter",
    "WindowsVirtualDesktop",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn kind(word: &str) -> SymbolKind {
        match peer(word) {
            Some(Peer::Symbol(symbol)) => symbol.kind,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn tags_are_told_by_who_is_behind_them() {
        assert_eq!(kind("virtualnetwork"), SymbolKind::Network);
        assert_eq!(kind("VIRTUAL_NETWORK"), SymbolKind::Network);
        assert_eq!(kind("AZURE_LOADBALANCER"), SymbolKind::Platform);
        assert_eq!(kind("GatewayManager"), SymbolKind::Platform);
        assert_eq!(kind("AzureCloud.WestEurope"), SymbolKind::Provider);
        assert_eq!(kind("Storage.EastUS"), SymbolKind::SharedService);
        assert_eq!(kind("AzureFrontDoor.Backend"), SymbolKind::SharedService);
        assert!(matches!(peer("INTERNET"), Some(Peer::Named(_))));
        assert_eq!(peer("TheOffice"), None);
    }
}
