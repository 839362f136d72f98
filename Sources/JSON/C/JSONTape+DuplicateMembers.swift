extension JSONTape {
  /// Whether an object of the document may name a member twice, or lies too deep.
  ///
  /// False is certain. True asks for a look at the text: names are told apart by 64 bits made of
  /// their length, their first eight and their last eight bytes.
  func needsSecondLook(maximumDepth: Int) -> Bool {
    let end = Int(truncatingIfNeeded: payload(at: 0)) &- 1
    var index = Self.rootIndex
    var depth = 0
    while index < end {
      switch tag(at: index) {
      case JSONTag.object:
        depth &+= 1
        // simdjson does not count the empty ones.
        if depth > maximumDepth || mayRepeatMember(inObjectAt: index) { return true }
        index &+= 1
      case JSONTag.array:
        depth &+= 1
        if depth > maximumDepth { return true }
        index &+= 1
      case 0x5D, 0x7D:
        depth &-= 1
        index &+= 1
      case JSONTag.integer, JSONTag.unsigned, JSONTag.double: index &+= 2
      default: index &+= 1
      }
    }
    return false
  }

  private func mayRepeatMember(inObjectAt index: Int) -> Bool {
    let end = closingIndex(at: index)
    let count = count(at: index)
    if count < 2 { return false }
    // Up to this many members their fingerprints lie on the stack.
    if count <= 128 {
      return withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 128) { seen in
        var used = 0
        var position = index &+ 1
        // One bit for each name: as long as all are different there is nothing to compare.
        var bits: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        while position < end {
          let print = fingerprint(ofNameAt: position)
          let bit: UInt64 = 1 &<< (print &>> 56)
          var hasBit = false
          switch (print &>> 62) {
          case 0: (hasBit, bits.0) = (bits.0 & bit != 0, bits.0 | bit)
          case 1: (hasBit, bits.1) = (bits.1 & bit != 0, bits.1 | bit)
          case 2: (hasBit, bits.2) = (bits.2 & bit != 0, bits.2 | bit)
          default: (hasBit, bits.3) = (bits.3 & bit != 0, bits.3 | bit)
          }
          if hasBit {
            for earlier in 0..<used where seen[earlier] == print { return true }
          }
          seen[used] = print
          used &+= 1
          position = self.index(after: position &+ 1)
        }
        return false
      }
    }
    return mayRepeatMember(inLargeObjectAt: index, count: count)
  }

  private func mayRepeatMember(inLargeObjectAt index: Int, count: Int) -> Bool {
    let end = closingIndex(at: index)
    return withUnsafeTemporaryAllocation(of: UInt64.self, capacity: count) { scratch in
      var prints = scratch
      var used = 0
      var position = index &+ 1
      while position < end, used < count {
        prints[used] = fingerprint(ofNameAt: position)
        used &+= 1
        position = self.index(after: position &+ 1)
      }
      prints.sort()
      for later in 1..<used where prints[later] == prints[later &- 1] { return true }
      return false
    }
  }

  @inline(__always)
  private func fingerprint(ofNameAt index: Int) -> UInt64 {
    let name = string(at: index)
    guard let start = name.baseAddress else { return 0 }
    let ends = JSONTape.ends(of: UnsafeRawPointer(start), count: name.count)
    let mixed = (ends.first ^ UInt64(name.count)) &* 0x9E37_79B9_7F4A_7C15
    return mixed ^ (ends.last &* 0xC2B2_AE3D_27D4_EB4F)
  }

  /// The first and the last eight bytes of a string; both the same, filled with zeros, where it is
  /// shorter. Eight bytes must be readable from its start.
  @inlinable @inline(__always)
  public static func ends(
    of start: UnsafeRawPointer, count: Int
  ) -> (first: UInt64, last: UInt64) {
    let first = start.loadUnaligned(as: UInt64.self)
    if count >= 8 {
      return (first, (start + (count &- 8)).loadUnaligned(as: UInt64.self))
    }
    let kept = first & ((1 &<< (UInt64(truncatingIfNeeded: count) &* 8)) &- 1)
    return (kept, kept)
  }
}
