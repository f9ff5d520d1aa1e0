package io.farblock.replication.identity;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.agrona.concurrent.EpochClock;

/**
 * Which certificates may speak for which sites: those whose fingerprints are pinned for it, and those that carry its
 * name and were issued by an authority, if there is one (RFC 5280 path validation, no revocation: a pin or a new
 * authority file is how a certificate is withdrawn here). Dates count for all of them. Immutable; any thread.
 */
public final class SiteTrust
{
    private static final int DNS_NAME = 2;
    private static final int SHOWN_NAME = 64;

    private final Map<String, Set<Fingerprint>> pins;
    private final Set<TrustAnchor> authorities;
    private final EpochClock clock;

    /**
     * @param pins        for each site that may be on the other side; one without pins needs an authority.
     * @param authorities certificates of authorities; empty for none.
     */
    public SiteTrust(
        final Map<String, Set<Fingerprint>> pins, final Collection<X509Certificate> authorities, final EpochClock clock)
    {
        this.pins = Map.copyOf(pins);
        this.authorities = authorities.stream().map(authority -> new TrustAnchor(authority, null))
            .collect(Collectors.toUnmodifiableSet());
        this.clock = clock;
    }

    /**
     * Certificates of authorities, from a file in PEM; at least one.
     *
     * @throws IdentityException when it cannot be used; it is named.
     */
    public static List<X509Certificate> authorities(final Path file) throws IOException
    {
        return PemFile.certificates(file);
    }

    /** Sites that nobody can prove to be: nothing is pinned for them, and there is no authority. */
    public Set<String> unprovable()
    {
        return authorities.isEmpty() ? pins.entrySet().stream().filter(entry -> entry.getValue().isEmpty())
            .map(Map.Entry::getKey).collect(Collectors.toCollection(TreeSet::new)) : Set.of();
    }

    /**
     * Judges a chain, leaf first, whose key the other side was seen to hold.
     *
     * @throws UntrustedException when it may speak for none of the sites, or not at this time.
     */
    public PeerIdentity identify(final List<X509Certificate> chain) throws UntrustedException
    {
        final X509Certificate leaf = chain.get(0);
        final Fingerprint fingerprint = Fingerprint.of(leaf);
        final Set<String> sites = new HashSet<>();
        pins.forEach((site, pinned) ->
        {
            if (pinned.contains(fingerprint))
            {
                sites.add(site);
            }
        });
        if (!sites.isEmpty())
        {
            checkDates(leaf);
        }
        final String problem = authorities.isEmpty() ? "" : addIssued(chain, sites);
        if (sites.isEmpty())
        {
            throw new UntrustedException(UntrustedException.Cause.UNKNOWN, "certificate " + shown(leaf) +
                " is not known as " + wanted() + problem + "; if it is, pin it: farblock pair, or fingerprints");
        }
        return new PeerIdentity(List.copyOf(chain), fingerprint, Set.copyOf(sites));
    }

    /** Fingerprint and name of a certificate, safe to log: a stranger chose the name. */
    public static String shown(final X509Certificate certificate)
    {
        final String name = commonName(certificate).replaceAll("[^\\x20-\\x7e]|\"", "?");
        return Fingerprint.of(certificate) + " (CN=" +
            (name.length() <= SHOWN_NAME ? name : name.substring(0, SHOWN_NAME) + "...") + ")";
    }

    private String wanted()
    {
        return pins.isEmpty() ? "any site's, because this one knows none"
            : String.join(" or ", new TreeSet<>(pins.keySet()));
    }

    private void checkDates(final X509Certificate leaf) throws UntrustedException
    {
        try
        {
            leaf.checkValidity(new Date(clock.time()));
        }
        catch (final CertificateExpiredException | CertificateNotYetValidException ex)
        {
            throw outOfDate(leaf);
        }
    }

    private UntrustedException outOfDate(final X509Certificate leaf)
    {
        return new UntrustedException(UntrustedException.Cause.DATE, "certificate " + shown(leaf) + " is valid from " +
            leaf.getNotBefore().toInstant() + " to " + leaf.getNotAfter().toInstant() + ", and here it is " +
            Instant.ofEpochMilli(clock.time()) + "; give that site a new one, or set the clock that is wrong");
    }

    /** Adds the sites that the chain's leaf names, when an authority says so; else returns why not. */
    private String addIssued(final List<X509Certificate> chain, final Set<String> sites) throws UntrustedException
    {
        final X509Certificate leaf = chain.get(0);
        final Set<String> named = namesOf(leaf);
        named.retainAll(pins.keySet());
        if (named.isEmpty())
        {
            return ", whose name it does not carry";
        }
        try
        {
            final PKIXParameters parameters = new PKIXParameters(authorities);
            parameters.setRevocationEnabled(false);
            parameters.setDate(new Date(clock.time()));
            CertPathValidator.getInstance("PKIX").validate(pathOf(chain), parameters);
            sites.addAll(named);
            return "";
        }
        catch (final CertPathValidatorException ex)
        {
            final boolean dated = ex.getReason() == BasicReason.EXPIRED || ex.getReason() == BasicReason.NOT_YET_VALID;
            // A pin is enough: what is the matter with an authority besides it takes nothing away.
            if (dated && sites.isEmpty())
            {
                throw outOfDate(chain.get(Math.max(0, ex.getIndex())));
            }
            return ", nor issued by the authority (" + ex.getMessage() + ")";
        }
        catch (final GeneralSecurityException ex)
        {
            return ", nor issued by the authority (" + ex.getMessage() + ")";
        }
    }

    /** Without the authority's own certificate, which some send along and a path does not hold. */
    private CertPath pathOf(final List<X509Certificate> chain) throws CertificateException
    {
        final List<X509Certificate> path = new ArrayList<>(chain);
        while (path.size() > 1 && isAuthority(path.get(path.size() - 1)))
        {
            path.remove(path.size() - 1);
        }
        return CertificateFactory.getInstance("X.509").generateCertPath(path);
    }

    private boolean isAuthority(final X509Certificate certificate)
    {
        return authorities.stream().anyMatch(authority -> certificate.equals(authority.getTrustedCert()));
    }

    /** The DNS names that it is for; its common name where it has none (RFC 6125, 6.4.4). */
    private static Set<String> namesOf(final X509Certificate leaf)
    {
        final Set<String> names = new HashSet<>();
        try
        {
            if (leaf.getSubjectAlternativeNames() != null)
            {
                leaf.getSubjectAlternativeNames().stream().filter(name -> name.get(0).equals(DNS_NAME))
                    .forEach(name -> names.add(String.valueOf(name.get(1))));
            }
        }
        catch (final CertificateParsingException ex)
        {
            return new HashSet<>();
        }
        if (names.isEmpty())
        {
            names.add(commonName(leaf));
        }
        return names;
    }

    private static String commonName(final X509Certificate certificate)
    {
        try
        {
            return new LdapName(certificate.getSubjectX500Principal().getName()).getRdns().stream()
                .filter(part -> part.getType().equalsIgnoreCase("CN")).map(Rdn::getValue).map(String::valueOf)
                .findFirst().orElse("");
        }
        catch (final InvalidNameException ex)
        {
            return "";
        }
    }
}
