//! The ports of applications that are commonly known to ufw by name: the profiles that ufw itself ships, and those of the
//! packages that servers commonly have, as they stand in /etc/ufw/applications.d on Debian and Ubuntu.

/// The ports of a profile as its file writes them, such as `80,443/tcp` or `53/tcp|53/udp`.
pub(super) fn profile(name: &str) -> Option<&'static str> {
    PROFILES.iter().find(|(known, _)| *known == name).map(|(_, ports)| *ports)
}

/// Whether a word stands in the name of one of them.
pub(super) fn names(word: &str) -> bool {
    PROFILES.iter().any(|(name, _)| name.split(' ').any(|own| own == word))
}

const PROFILES: [(&str, &str); 50] = [
    ("AIM", "5190/tcp"),
    ("Apache", "80/tcp"),
    ("Apache Full", "80,443/tcp"),
    ("Apache Secure", "443/tcp"),
    ("Bind9", "53"),
    ("CIFS", "137,138/udp|139,445/tcp"),
    ("CUPS", "631"),
    ("DNS", "53"),
    ("Deluge", "6881:6891/tcp"),
    ("Dovecot IMAP", "143/tcp"),
    ("Dovecot POP3", "110/tcp"),
    ("Dovecot Secure IMAP", "993/tcp"),
    ("Dovecot Secure POP3", "995/tcp"),
    ("IMAP", "143/tcp"),
    ("IMAPS", "993/tcp"),
    ("IPP", "631"),
    ("Kerberos Admin", "749/tcp"),
    ("Kerberos Full", "88,749/tcp|464/udp"),
    ("Kerberos KDC", "88"),
    ("Kerberos Password", "464/udp"),
    ("LDAP", "389/tcp"),
    ("LDAPS", "636/tcp"),
    ("Lighttpd Full", "80,443/tcp"),
    ("Lighttpd HTTP", "80/tcp"),
    ("Lighttpd HTTPS", "443/tcp"),
    ("Mail submission", "587/tcp"),
    ("NFS", "2049,111/tcp|2049,111/udp"),
    ("Nginx Full", "80,443/tcp"),
    ("Nginx HTTP", "80/tcp"),
    ("Nginx HTTPS", "443/tcp"),
    ("OpenSSH", "22/tcp"),
    ("POP3", "110/tcp"),
    ("POP3S", "995/tcp"),
    ("Postfix", "25/tcp"),
    ("Postfix SMTPS", "465/tcp"),
    ("Postfix Submission", "587/tcp"),
    ("SMTP", "25/tcp"),
    ("SSH", "22/tcp"),
    ("Samba", "137,138/udp|139,445/tcp"),
    ("Squid", "3128/tcp"),
    ("Telnet", "23/tcp"),
    ("Transmission", "51413"),
    ("VNC", "5900/tcp"),
    ("WWW", "80/tcp"),
    ("WWW Cache", "8080/tcp"),
    ("WWW Full", "80,443/tcp"),
    ("WWW Secure", "443/tcp"),
    ("XMPP", "5222/tcp|5269/tcp"),
    ("qBittorrent", "6881/tcp"),
    ("svnserve", "3690/tcp"),
];
