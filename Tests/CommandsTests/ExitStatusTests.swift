import JobStore
import Pulse
import RabbitMQ
import Testing

@testable import Commands

@Suite struct ExitStatusTests {
  @Test func whatIsUnreachableIsToldFromWhatIsWrong() {
    #expect(ExitStatus(for: RabbitMQError(.unreachable, "")) == .unreachable)
    #expect(ExitStatus(for: RabbitMQError(.connectionLost, "")) == .unreachable)
    #expect(ExitStatus(for: RabbitMQError(.timedOut, "")) == .unreachable)
    #expect(ExitStatus(for: RabbitMQError(.authenticationRefused, "")) == .wrongUsage)
    #expect(ExitStatus(for: RabbitMQError(.notFound, "")) == .wrongUsage)
    #expect(ExitStatus(for: PulseError(.unknownExchange, "")) == .wrongUsage)
    #expect(ExitStatus(for: InspectionError(.timedOut, "")) == .unreachable)
    #expect(ExitStatus(for: InspectionError(.refused, "")) == .wrongUsage)
    #expect(ExitStatus(for: InspectionError(.unknownQueue, "")) == .inputRefused)
    #expect(ExitStatus(for: StoreError(.unavailable, "")) == .unreachable)
    #expect(ExitStatus(for: StoreError(.newer, "")) == .wrongUsage)
    #expect(ExitStatus(for: CommandFailure(.inputRefused, "")) == .inputRefused)
  }
}
