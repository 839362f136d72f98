import COpenSSL

extension TLSSession {
  /// A connection that broke beneath TLS.
  func lost(_ reason: String) -> RabbitMQError {
    RabbitMQError(.connectionLost, "\(endpoint): \(reason)", isRetriable: true)
  }

  /// What an end in mid-handshake means.
  var closedInHandshake: RabbitMQError {
    lost("the peer closed the connection during the TLS handshake; is this the port for TLS?")
  }

  /// What a failure of OpenSSL means here.
  func error(for failure: OpenSSLFailure) -> RabbitMQError {
    if let alert = failure.alert { return error(forAlert: alert, failure) }
    switch failure.tlsReason {
    case SSL_R_CERTIFICATE_VERIFY_FAILED:
      return certificateRefused(Int32(SSL_get_verify_result(handle)))
    case SSL_R_UNSUPPORTED_PROTOCOL, SSL_R_WRONG_SSL_VERSION, SSL_R_VERSION_TOO_LOW:
      return tooOld
    case SSL_R_WRONG_VERSION_NUMBER, SSL_R_HTTP_REQUEST, SSL_R_HTTPS_PROXY_REQUEST, SSL_R_PACKET_LENGTH_TOO_LONG,
      SSL_R_BAD_RECORD_TYPE:
      if !isEstablished {
        return failed("the peer does not speak TLS on this port; amqps is usually on 5671, amqp without TLS on 5672")
      }
    default: break
    }
    // Once TLS was up, what breaks it is the network's or the peer's state and not a setting.
    return failed("TLS failed: \(failure)", isRetriable: isEstablished)
  }

  private func error(forAlert alert: Int32, _ failure: OpenSSLFailure) -> RabbitMQError {
    let certificateFile = context.configuration.certificateFile
    switch alert {
    case SSL_AD_CERTIFICATE_REQUIRED:
      return clientCertificateRefused(
        certificateFile.map { "the broker demands a client certificate of another kind or authority than \($0)" }
          ?? "the broker demands a client certificate, and none is configured")
    // The last one is for a missing certificate too, before TLS 1.3.
    case SSL_AD_BAD_CERTIFICATE, SSL_AD_UNSUPPORTED_CERTIFICATE, SSL_AD_CERTIFICATE_REVOKED,
      SSL_AD_CERTIFICATE_EXPIRED, SSL_AD_CERTIFICATE_UNKNOWN, SSL_AD_UNKNOWN_CA, SSL_AD_ACCESS_DENIED,
      SSL_AD_DECRYPT_ERROR, SSL_AD_HANDSHAKE_FAILURE:
      guard wasAskedForCertificate else { break }
      return clientCertificateRefused(
        certificateFile.map { "the broker does not accept the client certificate \($0)" }
          ?? "the broker demands a client certificate, and none is configured")
    default: break
    }
    let words = SSL_alert_desc_string_long(alert).map { String(cString: $0) } ?? "alert \(alert)"
    return switch alert {
    case SSL_AD_PROTOCOL_VERSION: tooOld
    case SSL_AD_UNRECOGNIZED_NAME: failed("the broker does not answer to the name '\(peerName.text)'")
    case SSL_AD_HANDSHAKE_FAILURE, SSL_AD_INSUFFICIENT_SECURITY:
      failed("the broker and this client have no cipher or key exchange in common (\(words))")
    default: failed("the broker ended TLS: \(words)", isRetriable: isEstablished || alert == SSL_AD_INTERNAL_ERROR)
    }
  }

  private func certificateRefused(_ result: Int32) -> RabbitMQError {
    let what =
      switch result {
      case X509_V_ERR_CERT_HAS_EXPIRED:
        "the broker's certificate, or one that it rests on, has expired and has to be renewed"
      case X509_V_ERR_CERT_NOT_YET_VALID:
        "the broker's certificate, or one that it rests on, is not valid yet; is this machine's clock right?"
      case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH:
        "the broker's certificate is not for '\(peerName.text)'; use a name or address that it holds (subjectAltName)"
      case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
        X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
        X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, X509_V_ERR_CERT_SIGNATURE_FAILURE:
        context.configuration.authorityFile.map {
          "the broker's certificate is not signed by an authority in \($0), or an intermediate certificate is missing"
        } ?? "the broker's certificate is not signed by an authority that this system trusts; name the authority's file"
      default:
        "the broker's certificate is refused: \(String(cString: X509_verify_cert_error_string(Int(result))))"
      }
    return RabbitMQError(.certificateRefused, "\(endpoint): \(what)")
  }

  private var wasAskedForCertificate: Bool { SSL_get_ex_data(handle, 0) != nil }

  private var tooOld: RabbitMQError {
    failed("the broker offers only versions of TLS before 1.2, which are not safe; it has to be given a newer one")
  }

  private func clientCertificateRefused(_ what: String) -> RabbitMQError {
    RabbitMQError(.clientCertificateRefused, "\(endpoint): \(what)")
  }

  private func failed(_ what: String, isRetriable: Bool = false) -> RabbitMQError {
    RabbitMQError(.tlsFailed, "\(endpoint): \(what)", isRetriable: isRetriable)
  }
}
